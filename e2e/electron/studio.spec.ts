import path from 'node:path';
import { StudioPage, latestRun } from '../pages/studioPage.ts';
import { expect, test } from './fixture.ts';

const sample = path.resolve(import.meta.dirname, '..', '..', 'assets', 'sample');

test('the window takes the sample to a trained model and a prediction', async ({ start }) => {
  const { page, data } = await start();
  const user = new StudioPage(page);
  await user.openSample();
  const picture = page.locator('.thumbnails img').first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  await user.screenshot('window-data');

  await user.go('Network');
  await expect(user.thawed()).toContainText('0 thawed of 104 layers');
  await user.block('block_16').click();
  await expect(user.thawed()).toContainText('6 thawed of 104 layers');
  await user.screenshot('window-network');

  await user.go('Training');
  await user.set('Epochs for the head', 6);
  await user.set('Epochs with thawed layers', 2);
  await user.startTraining();
  await user.epochsOver(0);
  await expect(page.getByTestId('result')).toContainText('Best: epoch', { timeout: 90_000 });
  await user.screenshot('window-training');
  const result = (await (await latestRun(data)).json('result.json')) as { best: { valAccuracy: number } };
  await expect(page.getByTestId('result')).toContainText(`${(100 * result.best.valAccuracy).toFixed(1)} %`);

  await user.go('Insight');
  await expect(page.locator('.confusion tbody tr')).toHaveCount(6);
  await page.getByLabel('Path of an image').fill(path.join(sample, 'car', 'car-03.jpg'));
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByTestId('prediction').locator('li').first()).toContainText('car');
  await user.screenshot('window-insight');
});
