import { latestRun } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

test('finds a learning rate, and trains on variations of the images with a recipe', async ({
  page,
  user,
  studio,
}) => {
  await user.openSample();
  await user.go('Training');
  await page.getByRole('button', { name: 'Find a good rate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Which learning rate?' });
  await expect(dialog.getByRole('img')).toBeVisible({ timeout: 60_000 });
  await user.screenshot('learning-rate');
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
  await user.screenshot('recipe', { fullPage: true });
  expect(await user.violations()).toEqual([]);
  await user.startTraining();
  await expect(page.getByTestId('result')).toContainText('Best: epoch', { timeout: 90_000 });

  const { settings } = (await (await latestRun(studio.data)).json('run.json')) as { settings: unknown };
  expect(settings).toMatchObject({
    learningRate: rate,
    augment: 'light',
    augmentFlip: false,
    augmentViews: 2,
    schedule: 'cosine',
    labelSmoothing: 0.1,
  });
});
