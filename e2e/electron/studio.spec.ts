import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { StudioPage } from '../browser/studio.ts';
import { expect, test } from './fixture.ts';

const screenshots = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
const sample = path.resolve(import.meta.dirname, '..', '..', 'assets', 'sample');

test('the window takes the sample to a trained model and a prediction', async ({ start }) => {
  const { page, data } = await start();
  const user = new StudioPage(page);
  await user.openSample();
  const picture = page.locator('.thumbnails img').first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  await page.screenshot({ path: path.join(screenshots, 'window-data.png') });

  await user.go('Network');
  await expect(user.thawed()).toContainText('0 thawed of 104 layers');
  await user.block('block_16').click();
  await expect(user.thawed()).toContainText('6 thawed of 104 layers');
  await page.screenshot({ path: path.join(screenshots, 'window-network.png') });

  await user.go('Training');
  await user.set('Epochs for the head', 6);
  await user.set('Epochs with thawed layers', 2);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(page.getByTestId('result')).toContainText('Best: epoch', { timeout: 90_000 });
  await page.screenshot({ path: path.join(screenshots, 'window-training.png') });
  const [run] = await readdir(path.join(data, 'runs'));
  const result = JSON.parse(await readFile(path.join(data, 'runs', run ?? '', 'result.json'), 'utf8')) as {
    best: { valAccuracy: number };
  };
  await expect(page.getByTestId('result')).toContainText(`${(100 * result.best.valAccuracy).toFixed(1)} %`);

  await user.go('Insight');
  await expect(page.locator('.confusion tbody tr')).toHaveCount(6);
  await page.getByLabel('Path of an image').fill(path.join(sample, 'car', 'car-03.jpg'));
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByTestId('prediction').locator('li').first()).toContainText('car');
  await page.screenshot({ path: path.join(screenshots, 'window-insight.png') });
});
