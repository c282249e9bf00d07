import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { isTraining } from '../training/trainings.ts';
import type { Studio } from '../openStudio.ts';
import { texts } from '../texts.ts';

/**
 * Closing the window ends the application: a running training is asked about first, then the engine stops its jobs and
 * ends, so that what they write is whole.
 */
export function setupClosing({ engine, host, window }: Studio): void {
  type Stage = 'open' | 'asking' | 'ending' | 'ended';
  let stage: Stage = 'open';

  const ask = async (current: BrowserWindow): Promise<void> => {
    stage = 'asking';
    const { response } = await dialog.showMessageBox(current, {
      type: 'question',
      message: texts.closing.message,
      detail: texts.closing.detail,
      buttons: [texts.closing.stay, texts.closing.stop],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 0) stage = 'open';
    else await end();
  };

  const end = async (): Promise<void> => {
    stage = 'ending';
    window.current?.hide();
    await engine.close();
    host.close();
    stage = 'ended';
    app.quit();
  };

  app.on('before-quit', (event) => {
    if (stage === 'ended') return;
    event.preventDefault();
    if (stage !== 'open') return;
    const { current } = window;
    if (current !== null && engine.runningJobs().some(({ job }) => isTraining(job))) void ask(current);
    else void end();
  });
  app.on('browser-window-created', (_, created) => {
    created.on('close', (event) => {
      if (stage === 'ended') return;
      event.preventDefault();
      app.quit();
    });
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
}
