import type { ComponentType } from 'react';
import type { Station } from '../stores/app.ts';

type Part = () => Promise<{ readonly default: ComponentType }>;

/** Where each station's part of the page is; asking for one again gives the one that was loaded. */
export const stationParts: Readonly<Record<Station, Part>> = {
  data: async () => ({ default: (await import('../features/data/DataStation.tsx')).DataStation }),
  network: async () => ({ default: (await import('../features/network/NetworkStation.tsx')).NetworkStation }),
  training: async () => ({
    default: (await import('../features/training/TrainingStation.tsx')).TrainingStation,
  }),
  insight: async () => ({ default: (await import('../features/insight/InsightStation.tsx')).InsightStation }),
  export: async () => ({ default: (await import('../features/export/ExportStation.tsx')).ExportStation }),
};

/**
 * Loads what was not needed for the first screen, one part after the other, each when the page has nothing else to do:
 * so that going to a station does not wait, nor depend on the server still being there.
 */
export function loadAheadWhenIdle(): void {
  const parts = Object.values(stationParts);
  const next = (): void => {
    const part = parts.shift();
    // A part that cannot be had is asked for again when it is opened, and its absence told there.
    if (part !== undefined)
      part().then(
        () => {
          whenIdle(next);
        },
        () => undefined,
      );
  };
  whenIdle(next);
}

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work);
  else setTimeout(work, 200);
}
