import { test as base } from '@playwright/test';
import { DataPage } from '../../pages/dataPage.ts';
import { StudioPage } from '../../pages/studioPage.ts';
import type { ServedStudio } from './studio.ts';
import { serveStudio } from './studio.ts';

interface TestFixtures {
  /** What the studio's process is told beside what this one was. */
  readonly environment: Readonly<Record<string, string>>;
  /** `thaw serve`, the same for all tests of a file, which share its data. */
  readonly studio: ServedStudio;
  /** The studio's page, just opened. */
  readonly user: StudioPage;
  /** The same, with what the data station can do. */
  readonly data: DataPage;
}

interface WorkerFixtures {
  /** What is served, by the file whose tests use it. */
  readonly served: Map<string, ServedStudio>;
}

/** Tests in a browser. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  environment: [{}, { option: true }],
  served: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const served = new Map<string, ServedStudio>();
      await use(served);
      for (const studio of served.values()) await studio.stop();
    },
    { scope: 'worker' },
  ],
  studio: async ({ served, environment }, use, { file }) => {
    const studio = served.get(file) ?? (await serveStudio(environment));
    // Tests of one file come one after another: what another file used is done with.
    for (const [name, other] of served) if (name !== file) await other.stop();
    served.clear();
    served.set(file, studio);
    await use(studio);
  },
  user: async ({ page, studio }, use) => {
    await page.goto(studio.url);
    await use(await new StudioPage(page).ready());
  },
  data: async ({ user }, use) => {
    await use(new DataPage(user.page));
  },
});

export { expect } from '@playwright/test';
