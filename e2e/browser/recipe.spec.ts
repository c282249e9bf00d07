import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { StudioPage, serveStudio } from './studio.ts';

const screenshots = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
let studio: Awaited<ReturnType<typeof serveStudio>>;

test.beforeAll(async () => {
  studio = await serveStudio();
});
test.afterAll(async () => {
  await studio.stop();
});

test('finds a learning rate, and trains on variations of the images with a recipe', async ({ page }) => {
  await page.goto(studio.url);
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeEnabled();
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await page.getByRole('button', { name: 'Find a good rate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Which learning rate?' });
  await expect(dialog.getByRole('img')).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: path.join(screenshots, 'learning-rate.png') });
  await dialog.getByRole('button', { name: /^Use / }).click();
  await expect(dialog).toHaveCount(0);
  const rate = Number(await page.getByLabel('Learning rate', { exact: true }).inputValue());
  expect(rate).toBeGreaterThan(1e-5);
  expect(rate).not.toBe(0.003);

  await user.set('Epochs for the head', 3);
  await page.getByLabel('Variations', { exact: true }).selectOption('light');
  await page.getByRole('button', { name: 'Variations of the images' }).click();
  await page.getByLabel('Mirror images').uncheck();
  await user.set('Kept variations', 2);
  await page.getByRole('button', { name: 'Optimizer and learning rate' }).click();
  await page.getByLabel('Learning rate goes on').selectOption('cosine');
  await user.set('Label smoothing', 0.1);
  await page.screenshot({ path: path.join(screenshots, 'recipe.png'), fullPage: true });
  expect(await user.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('result')).toContainText('Best: epoch', { timeout: 90_000 });

  const [run = ''] = await readdir(path.join(studio.data, 'runs'));
  const { settings } = JSON.parse(
    await readFile(path.join(studio.data, 'runs', run, 'run.json'), 'utf8'),
  ) as { settings: unknown };
  expect(settings).toMatchObject({
    learningRate: rate,
    augment: 'light',
    augmentFlip: false,
    augmentViews: 2,
    schedule: 'cosine',
    labelSmoothing: 0.1,
  });
});
