import path from 'node:path';
import { expect, test } from '@playwright/test';
import { chromium } from './chromium.ts';
import { StudioPage, serveStudio } from './studio.ts';

const screenshots = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
const sample = path.resolve(import.meta.dirname, '..', '..', 'assets', 'sample');
let studio: Awaited<ReturnType<typeof serveStudio>>;

test.use({
  permissions: ['camera'],
  launchOptions: {
    ...(chromium() !== null && { executablePath: chromium() ?? '' }),
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});
test.beforeAll(async () => {
  studio = await serveStudio();
});
test.afterAll(async () => {
  await studio.stop();
});

test('opens right and wrong cells, asks about a dropped image and the camera, and exports', async ({
  page,
}) => {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 4);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(user.state()).toHaveText('Done', { timeout: 60_000 });

  await user.go('Insight');
  const cell = page.locator('.confusion td.right button').first();
  const right = Number(await cell.textContent({ timeout: 30_000 }));
  await cell.click();
  await expect(page.getByTestId('mistakes').locator('li')).toHaveCount(right);
  await expect(page.getByRole('img', { name: /^Reliability diagram/ })).toBeVisible();

  await page.getByLabel('Choose an image…').setInputFiles(path.join(sample, 'flower', 'flower-07.jpg'));
  await expect(page.getByTestId('prediction').locator('li').first()).toContainText('flower', {
    timeout: 30_000,
  });
  await expect(page.getByTestId('ask-drop').getByRole('img')).toBeVisible();
  expect(await user.violations()).toEqual([]);
  await page.screenshot({ path: path.join(screenshots, 'insight-asked.png') });

  await page.getByRole('button', { name: 'Use the camera' }).click();
  await expect(page.locator('.asked-video')).toHaveAttribute('data-state', 'live');
  const first = page.getByTestId('prediction').locator('li').first();
  // The fake camera's picture moves, so what is said of it changes.
  const before = await first.textContent();
  await expect.poll(() => first.textContent(), { timeout: 30_000 }).not.toBe(before);
  await page.getByRole('button', { name: 'Camera off' }).click();
  await expect(page.locator('.asked-video')).toHaveCount(0);
});
