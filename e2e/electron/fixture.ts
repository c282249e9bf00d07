import { test as base } from '@playwright/test';
import type { Display, RunningShell, Shell } from './electron.ts';
import { findShell, openDisplay, startShell } from './electron.ts';

type Start = (options?: Parameters<typeof startShell>[2]) => Promise<RunningShell>;

/** Tests in the window: one application for a file's tests, and `start` for those that need one of their own. */
export const test = base.extend<{ start: Start }, { shell: Shell; display: Display; running: RunningShell }>({
  shell: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const found = await findShell();
      const missing = 'missing' in found ? `No Electron to test: ${found.missing}` : '';
      if ('missing' in found && process.env['THAW_REQUIRE'] === '1') throw new Error(missing);
      base.skip('missing' in found, missing);
      if (!('missing' in found)) await use(found);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  display: [
    async ({ shell }, use) => {
      void shell;
      const display = await openDisplay();
      await use(display);
      display.stop();
    },
    { scope: 'worker' },
  ],
  running: [
    async ({ shell, display }, use) => {
      const running = await startShell(shell, display);
      await use(running);
      await running.app.close();
    },
    { scope: 'worker' },
  ],
  start: async ({ shell, display }, use) => {
    const started: RunningShell[] = [];
    await use(async (options) => {
      const running = await startShell(shell, display, options);
      started.push(running);
      return running;
    });
    for (const { app } of started) await app.close().catch(() => undefined);
  },
});

export { expect } from '@playwright/test';
