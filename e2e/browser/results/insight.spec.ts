import path from 'node:path';
import { sample } from '../../places.ts';
import { chromium } from '../support/chromium.ts';
import { expect, test } from '../support/fixture.ts';

test.use({
  permissions: ['camera'],
  launchOptions: {
    ...(chromium() !== null && { executablePath: chromium() ?? '' }),
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

test('opens right and wrong cells, asks about a dropped image and the camera, and exports', async ({
  page,
  user,
}) => {
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 4);
  await user.startTraining();
  await user.trained();

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
  await user.screenshot('insight-asked');

  await page.getByRole('button', { name: 'Use the camera' }).click();
  await expect(page.locator('.asked-video')).toHaveAttribute('data-state', 'live');
  const first = page.getByTestId('prediction').locator('li').first();
  // The fake camera's picture moves, so what is said of it changes.
  const before = await first.textContent();
  await expect.poll(() => first.textContent(), { timeout: 30_000 }).not.toBe(before);
  await page.getByRole('button', { name: 'Camera off' }).click();
  await expect(page.locator('.asked-video')).toHaveCount(0);
});
