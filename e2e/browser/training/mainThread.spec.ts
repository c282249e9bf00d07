import { StudioPage } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';
import { longestTasks } from '../support/trace.ts';

test('a training of thousands of points never keeps the page’s thread for more than 50 ms', async ({
  page,
  browser,
  studio,
}) => {
  let heard = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('"type":"epoch"')) heard += 1;
    });
  });
  // Listening begins before the page does.
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 100_000);
  await user.set('Patience', 0);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(20);

  /** Watches the page's thread while some epochs go by. */
  const watch = async (epochs: number): Promise<void> => {
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] });
    const before = heard;
    await expect.poll(() => heard, { timeout: 60_000 }).toBeGreaterThan(before + epochs);
    const tasks = longestTasks(await browser.stopTracing(), 3);
    expect(tasks[0]?.milliseconds, JSON.stringify(tasks)).toBeLessThan(50);
  };
  await watch(500);
  await page.getByRole('tab', { name: 'Log' }).click();
  await watch(150);
  await user.go('Network');
  await expect(page.locator('.graph')).toBeVisible();
  await watch(150);
  await user.go('Training');
  await page.getByRole('button', { name: 'Stop and keep best' }).click();
  await expect(page.getByTestId('result')).toBeVisible();
});
