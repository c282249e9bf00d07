import { execFileSync } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { root } from '../places.ts';
import type { StudioPage } from '../pages/studioPage.ts';
import { latestRun } from '../pages/studioPage.ts';

const sample = path.join(root, 'assets', 'sample');

interface Journey {
  /** What `THAW_DATA` names. */
  readonly data: string;
  /** Begins the names of the pictures that are kept. */
  readonly pictures: string;
  /** Called at stations that nothing else looks at closely. */
  readonly onStation?: (name: string) => Promise<void>;
}

/** The whole way, the same in a browser and in the window: from the sample to a model that another process loads. */
export async function sampleToExport(
  user: StudioPage,
  { data, pictures, onStation = () => Promise.resolve() }: Journey,
): Promise<void> {
  const { page } = user;
  await user.openSample();
  const picture = page.locator('.thumbnails img').first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  await user.screenshot(`${pictures}data`);

  await user.go('Network');
  await expect(user.thawed()).toContainText('0 thawed of 104 layers');
  await expect(user.block('block_16')).toHaveAttribute('data-state', 'frozen');
  await user.block('block_16').click();
  await expect(user.block('block_16')).toHaveAttribute('data-state', 'thawed');
  await expect(user.thawed()).toContainText('6 thawed of 104 layers');
  await user.screenshot(`${pictures}network`);

  await user.go('Training');
  await user.set('Epochs for the head', 60);
  await user.set('Patience', 0);
  await user.set('Epochs with thawed layers', 2);
  await user.startTraining();
  // Points arrive while it runs.
  await user.epochsOver(0);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(user.state()).toHaveText('Paused');
  await page.getByRole('button', { name: 'Go on' }).click();
  await user.trained();
  expect(await user.epochs()).toBe(62);
  await expect(page.locator('.plot canvas')).toHaveCount(4);
  const run = await latestRun(data);
  const result = (await run.json('result.json')) as { cut: string; best: { valAccuracy: number } };
  expect(result.cut).toBe('block_16_expand');
  await expect(page.getByTestId('result')).toContainText(`${(100 * result.best.valAccuracy).toFixed(1)} %`);
  await user.screenshot(`${pictures}training`);

  await user.go('Insight');
  await expect(page.getByRole('heading', { name: 'On the 72 images it was validated on' })).toBeVisible({
    timeout: 30_000,
  });
  const cells = (await page.locator('.confusion tbody td').allTextContents()).map(Number);
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(72);
  const cell = page.locator('.confusion td.right button').first();
  const images = Number(await cell.textContent());
  await cell.click();
  await expect(page.getByTestId('mistakes').locator('li')).toHaveCount(images);
  const shown = page.getByTestId('mistakes').locator('img').first();
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  const car = path.join(sample, 'car', 'car-03.jpg');
  await page.getByLabel('Path of an image').fill(car);
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByTestId('prediction').locator('li').first()).toContainText('car');
  await onStation('Insight');
  await user.screenshot(`${pictures}insight`, { fullPage: true });

  await user.go('Export');
  await onStation('Export');
  await page.getByRole('button', { name: 'Export and check' }).click();
  await expect(page.getByTestId('exported')).toContainText('Checked in', { timeout: 60_000 });
  await onStation('Export');
  await user.screenshot(`${pictures}export`, { fullPage: true });
  const exported = path.join(data, 'exports', `${path.basename(run.folder)}-tfjs`);
  for (const file of ['model.json', 'labels.txt', 'thaw.json', path.join('golden', 'golden.json')])
    await access(path.join(exported, file));
  const answer = execFileSync(
    process.execPath,
    [path.join(root, 'scripts', 'thaw.mjs'), 'predict', exported, car, '--json'],
    { encoding: 'utf8' },
  );
  expect((JSON.parse(answer) as { label: string }[])[0]?.label).toBe('car');
}
