import type { Page } from '@playwright/test';

/** Playwright asks elements for `checkVisibility`, which Chromium has since version 105. */
const source = `if (!Element.prototype.checkVisibility)
  Element.prototype.checkVisibility = function () {
    return this.getClientRects().length > 0;
  };`;

/** Supplies it in the world of its own that Playwright has in the page, now and after each reload. */
export async function supplyVisibility(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const supplied = new Promise<void>((resolve) => {
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (!context.name.startsWith('__playwright_utility_world')) return;
      const everyTime = { source, worldName: context.name };
      void Promise.all([
        session.send('Page.addScriptToEvaluateOnNewDocument', everyTime),
        session.send('Runtime.evaluate', { expression: source, contextId: context.id }),
      ]).then(() => {
        resolve();
      });
    });
  });
  await session.send('Runtime.enable');
  await supplied;
}
