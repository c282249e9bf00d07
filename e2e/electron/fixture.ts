import { test as base } from '@playwright/test';
import type { Display, RunningShell, Shell } from './electron.ts';
import { findShell, openDisplay, startShell } from './electron.ts';

interface TestFixtures {
  /** Skips every test by name where there is no Electron. */
  readonly needsShell: null;
  /** Starts an application for this test alone. */
  readonly start: (options?: Parameters<typeof startShell>[2]) => Promise<RunningShell>;
}

interface WorkerFixtures {
  readonly found: Shell | { readonly missing: string };
  readonly shell: Shell;
  readonly display: Display;
  /** One application for all tests that do not mind what others did in it. */
  readonly running: RunningShell;
}

/** In place of what cannot be had; `needsShell` sees to it that no test uses it. */
const absent = null as never;

/** Tests in the window. With THAW_REQUIRE=1 it is an error that there is no Electron, else they are skipped. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  found: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      await use(await findShell());
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  needsShell: [
    async ({ found }, use, { title }) => {
      if ('missing' in found) {
        const reason = `No Electron to test: ${found.missing}`;
        if (process.env['THAW_REQUIRE'] === '1') throw new Error(reason);
        console.log(`skipped: ${title}. ${reason}`);
        base.skip(true, reason);
      }
      await use(null);
    },
    { auto: true },
  ],
  shell: [
    async ({ found }, use) => {
      await use('missing' in found ? absent : found);
    },
    { scope: 'worker' },
  ],
  display: [
    async ({ found }, use) => {
      if ('missing' in found) {
        await use(absent);
        return;
      }
      const display = await openDisplay();
      await use(display);
      display.stop();
    },
    { scope: 'worker' },
  ],
  running: [
    async ({ found, display }, use) => {
      if ('missing' in found) {
        await use(absent);
        return;
      }
      const running = await startShell(found, display);
      await use(running);
      await running.app.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  start: async ({ shell, display }, use) => {
    const started: RunningShell[] = [];
    await use(async (options) => {
      const running = await startShell(shell, display, options);
      started.push(running);
      return running;
    });
    // One that a test closed itself is closed already.
    for (const { app } of started) await app.close().catch(() => undefined);
  },
});

export { expect } from '@playwright/test';
