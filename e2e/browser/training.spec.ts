import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { StudioPage, serveStudio } from './studio.ts';

const screenshots = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
let studio: Awaited<ReturnType<typeof serveStudio>>;

test.beforeAll(async () => {
  studio = await serveStudio();
});
test.afterAll(async () => {
  await studio.stop();
});

async function open(page: Page): Promise<StudioPage> {
  await page.goto(studio.url);
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeEnabled();
  const user = new StudioPage(page);
  await user.openSample();
  return user;
}

/** The latest run's files. */
async function latestRun(): Promise<{ folder: string; json(name: string): Promise<unknown> }> {
  const runs = path.join(studio.data, 'runs');
  const name = (await readdir(runs)).sort().at(-1) ?? '';
  const folder = path.join(runs, name);
  return {
    folder,
    async json(file) {
      return JSON.parse(await readFile(path.join(folder, file), 'utf8')) as unknown;
    },
  };
}

test('trains a head, stops with the best kept, thaws a block and trains on from there', async ({ page }) => {
  const user = await open(page);
  await user.go('Training');
  await expect(page.getByRole('list', { name: 'Phases' })).toContainText('20 epochs at 0.003');
  await page.screenshot({ path: path.join(screenshots, 'training-empty.png') });
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(3);
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByRole('log')).toContainText('validation loss');
  await page.screenshot({ path: path.join(screenshots, 'training-running.png') });
  await expect(page.getByTestId('figures')).toContainText('of 4000');
  await expect(page.getByTestId('figures')).toContainText('at most');
  await expect(page.getByTestId('figures')).toContainText(/[MG]B/);
  await page.getByRole('button', { name: 'Stop and keep best' }).click();
  await expect(page.getByTestId('result')).toContainText('Best: epoch', { timeout: 30_000 });
  await expect(user.state()).toHaveText('Done');
  const first = await latestRun();
  const kept = (await first.json('result.json')) as { epochs: unknown[]; best: { valAccuracy: number } };
  expect(kept.epochs).toHaveLength(await user.epochs());

  await user.go('Network');
  await user.block('block_16').click();
  await user.go('Training');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await user.set('Epochs with thawed layers', 2);
  await expect(page.getByTestId('result')).toContainText('6 layers are thawed');
  await page.getByRole('button', { name: 'Train on with this plan' }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBe(2);
  await expect(page.getByTestId('result')).toContainText('The run it continues had', { timeout: 60_000 });
  const second = await latestRun();
  expect(second.folder).not.toBe(first.folder);
  const run = (await second.json('run.json')) as { settings: { continueFrom: string; epochs: number } };
  expect(run.settings).toMatchObject({ continueFrom: first.folder, epochs: 0, fineTuneEpochs: 2 });
  const better = (await second.json('result.json')) as { cut: string; best: { valAccuracy: number } };
  expect(better.cut).toBe('block_16_expand');
  expect(better.best.valAccuracy).toBeGreaterThan(0.5);
  await page.screenshot({ path: path.join(screenshots, 'training-continued.png') });
});

test('draws within an epoch, hides lines, and saves a chart as PNG and CSV', async ({ page }) => {
  const user = await open(page);
  await user.go('Training');
  await user.set('Epochs for the head', 5);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('result')).toBeVisible({ timeout: 60_000 });
  const chart = page.locator('.chart').first();
  await chart.getByRole('button', { name: 'train', exact: true }).click();
  await expect(chart.locator('.plot')).toHaveAttribute('aria-label', /^Accuracy: validation [\d.]+ %$/);
  await chart.locator('.plot').hover();
  await expect(chart.locator('.readout')).toContainText('validation');

  await chart.getByRole('button', { name: 'Accuracy: more' }).click();
  const csv = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as CSV' }).click();
  const lines = (await readFile(await (await csv).path(), 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('epoch,within epochs,train,validation');
  const result = (await (await latestRun()).json('result.json')) as { epochs: { valAccuracy: number }[] };
  const values = lines.slice(1).flatMap((line) => line.split(',')[3] || []);
  expect(values.map(Number)).toEqual(result.epochs.map(({ valAccuracy }) => valAccuracy));

  await chart.getByRole('button', { name: 'Accuracy: more' }).click();
  const png = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
  const bytes = await readFile(await (await png).path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(2_000);
});

test('refuses a value a setting cannot have, and keeps the one before', async ({ page }) => {
  const user = await open(page);
  await user.go('Training');
  const epochs = page.getByLabel('Epochs for the head', { exact: true });
  const before = await epochs.inputValue();
  await epochs.fill('-3');
  await expect(epochs).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'More settings' }).click();
  await page.getByLabel('Dropout').fill('0.5');
  await expect(epochs).toHaveValue(before);
});

test('is never held up by training', async ({ page }) => {
  await page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(window, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration);
    }).observe({ type: 'longtask' });
  });
  const tasks = (): Promise<number[]> =>
    page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));
  const user = await open(page);
  await user.go('Training');
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(20);
  await tasks();
  const before = await user.epochs();
  const started = Date.now();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(before + 100);
  const [held, elapsed] = [await tasks(), Date.now() - started];
  const total = held.reduce((sum, duration) => sum + duration, 0);
  test.info().annotations.push({
    type: 'long tasks',
    description: `${held.length} over ${elapsed} ms, ${total.toFixed(0)} ms in all`,
  });
  // A share of the time, not a time: a machine with other things to do delays any page.
  expect(total / elapsed).toBeLessThan(0.1);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a finished training and its log are accessible, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    const user = await open(page);
    await user.go('Training');
    await user.set('Epochs for the head', 3);
    await page.getByRole('button', { name: 'More settings' }).click();
    expect(await user.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByTestId('result')).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'Log' }).click();
    expect(await user.violations()).toEqual([]);
    await page.screenshot({ path: path.join(screenshots, `training-done-${colorScheme}.png`) });
    await context.close();
  });
}
