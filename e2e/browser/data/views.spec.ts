import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { root, sample, screenshots } from '../../places.ts';
import { expect, test } from '../support/fixture.ts';

const image = path.join(sample, 'dog', 'dog-02.jpg');
let out: string;

test.beforeAll(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-views-'));
});
test.afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

/** The files that the page was sent for a strip's pictures, in order. */
async function sent(strip: Locator): Promise<string[]> {
  const pictures = strip.locator('img');
  await expect
    .poll(() => pictures.evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 0)))
    .toBe(true);
  return pictures.evaluateAll((all) =>
    Promise.all(
      all.map(async (one) => {
        const bytes = new Uint8Array(await (await fetch((one as HTMLImageElement).src)).arrayBuffer());
        return btoa(String.fromCharCode(...bytes));
      }),
    ),
  );
}

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 900 } });
    test('variations are shown beside the image and the setting, as the command line writes them', async ({
      page,
      data,
    }) => {
      // A folder of its own: its project begins without a choice.
      const pets = path.join(out, `pets-${colorScheme}`);
      for (const name of ['cat', 'dog'])
        await cp(path.join(sample, name), path.join(pets, name), { recursive: true });
      await data.openPath(pets);
      await data.show('dog');
      await data.tile('dog/dog-02.jpg').click();
      const strip = page.getByRole('region', { name: 'Variations in training' });
      await expect(strip).toHaveCount(0);
      await page.getByRole('combobox', { name: 'Variations in training' }).selectOption('strong');
      await expect(strip.getByRole('img')).toHaveCount(8);
      const shown = await sent(strip);
      expect(new Set(shown).size).toBe(8);

      const written = path.join(out, colorScheme);
      const size = ['--image-size', '128', '--augment', 'strong', '--out', written];
      execFileSync(process.execPath, [path.join(root, 'scripts', 'thaw.mjs'), 'augment', image, ...size]);
      const files = await Promise.all(
        shown.map((_, number) => readFile(path.join(written, `dog-02-${number}.png`), 'base64')),
      );
      expect(shown).toEqual(files);
      await strip.scrollIntoViewIfNeeded();
      expect(await data.violations()).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, `views-data-${colorScheme}.png`) });

      await data.go('Training');
      await expect(page.getByLabel('Variations', { exact: true })).toHaveValue('strong');
      expect(await sent(strip)).toEqual(shown);
      await page.screenshot({ path: path.join(screenshots, `views-training-${colorScheme}.png`) });
      await page.getByRole('button', { name: 'Another image' }).click();
      expect(await sent(strip)).not.toEqual(shown);
      await page.getByRole('button', { name: 'Variations of the images' }).click();
      await data.set('Kept variations', 3);
      await expect(strip.getByRole('img')).toHaveCount(3);
      expect(await data.violations()).toEqual([]);

      // Images are mixed where all layers train; else what the frozen ones give is, and that is said.
      await data.set('CutMix', 1);
      const none = page.getByText('what they give is mixed, not the pixels');
      await expect(none).toBeVisible();
      await data.go('Network');
      await page.getByRole('button', { name: 'Everything' }).click();
      await data.go('Training');
      await page.getByRole('button', { name: 'Variations of the images' }).click();
      await expect(none).toHaveCount(0);
      const mixed = page.getByRole('img', { name: 'Images mixed with one another' });
      await expect
        .poll(() => mixed.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
        .toEqual([6 * 128, 128]);
      await mixed.scrollIntoViewIfNeeded();
      expect(await data.violations()).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, `views-mixed-${colorScheme}.png`) });
      await page.setViewportSize({ width: 900, height: 800 });
      await page.screenshot({ path: path.join(screenshots, `views-narrow-${colorScheme}.png`) });
    });
  });
