import path from 'node:path';
import type { Locator } from '@playwright/test';
import { sample } from '../../places.ts';
import { sampleToExport } from '../../journeys/sampleToExport.ts';
import type { StudioPage } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

test('from the sample to a model that another process loads, accessible in light and dark', async ({
  page,
  user,
  studio,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await sampleToExport(user, {
    data: studio.data,
    pictures: '',
    async onStation(name) {
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
        expect(await user.violations()).toEqual([]);
        if (colorScheme === 'dark') await user.screenshot(`${name.toLowerCase()}-dark`);
      }
    },
  });
  expect(problems).toEqual([]);
});

/** Presses Tab until something has the focus. */
async function tabTo({ page }: StudioPage, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 250; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

test('the same way by keyboard alone', async ({ page, user }) => {
  const press = async (target: Locator): Promise<void> => {
    await tabTo(user, target);
    await page.keyboard.press('Enter');
  };
  const type = async (target: Locator, text: string): Promise<void> => {
    await tabTo(user, target);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
  };
  const station = (name: string): Locator => page.locator(`nav [data-tour="${name}"]`);

  await press(page.getByRole('button', { name: 'Open the sample' }));
  await page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  await press(station('network'));
  await expect(user.block('block_16')).toBeVisible();
  const before = await user.thawed().textContent();
  await user.find('block_15');
  await page.keyboard.press('f');
  await expect(user.thawed()).not.toHaveText(before ?? '');

  await press(station('training'));
  await type(user.setting('Epochs for the head'), '4');
  await type(user.setting('Epochs with thawed layers'), '1');
  await press(page.getByRole('button', { name: /^Train( a new head)?$/ }));
  await expect(user.state()).not.toHaveText('Done');
  await user.trained();

  await press(station('insight'));
  const cell = page.locator('.confusion td.right button').first();
  await press(cell);
  await expect(page.getByTestId('mistakes').locator('li')).toHaveCount(Number(await cell.textContent()));
  await type(page.getByLabel('Path of an image'), path.join(sample, 'car', 'car-03.jpg'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('prediction').locator('li').first()).toBeVisible({ timeout: 30_000 });

  await press(station('export'));
  await tabTo(user, page.getByRole('radio', { checked: true }));
  const onnx = page.getByRole('radio', { name: /^ONNX/ });
  for (let presses = 0; presses < 10 && !(await onnx.isChecked()); presses += 1)
    await page.keyboard.press('ArrowDown');
  await press(page.getByRole('button', { name: 'Export and check' }));
  await expect(page.getByTestId('exported')).toContainText('Checked in', { timeout: 60_000 });
  const zip = page.waitForEvent('download');
  await press(page.getByRole('link', { name: 'Save as zip' }));
  expect((await zip).suggestedFilename()).toContain('-onnx.zip');
});
