import { app } from 'electron';
import { menuText } from './menu/menuText.ts';

/** Every text of the window's own: menu, dialogs, notifications. Another language is another such object. */
export const texts = {
  menu: menuText,
  dialogs: {
    'dataset-folder': 'Open a folder of images',
    'dataset-file': 'Open a zip, a CSV or a project',
    model: 'Choose a model',
    images: 'Choose images',
    'save-folder': 'Choose a folder to save in',
  },
  filters: {
    datasets: 'Datasets and projects',
    models: 'Models',
    images: 'Images',
    all: 'All files',
  },
  closing: {
    message: 'A training is running.',
    detail: 'Stopping keeps the best model so far. The run can be resumed later from its last epoch.',
    stay: 'Keep Training',
    stop: 'Stop and Close',
  },
  cannotStart: 'Thaw cannot start',
  about: (version: string) => `Thaw ${version}`,
  aboutDetail: 'Image transfer learning on your own machine.',
  ended: {
    done: 'Training has finished',
    failed: 'Training has failed',
    best: (epoch: number, accuracy: string) => `Best validation accuracy: ${accuracy}, in epoch ${epoch}.`,
  },
} as const;

/** 0.931 as "93.1 %", in the user's way of writing numbers. */
export function percentText(share: number): string {
  return new Intl.NumberFormat(app.getLocale(), { style: 'percent', maximumFractionDigits: 1 }).format(share);
}
