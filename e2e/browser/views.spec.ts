import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { DataPage } from '../pages/dataPage.ts';
import { serveStudio } from './studio.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const screenshots = path.join(root, 'test-results', 'screenshots');
const image = path.join(root, 'assets', 'sample', 'dog', 'dog-02.jpg');
let studio: Awaited<ReturnType<typeof serveStudio>>;
let out: string;

test.beforeEach(async () => {
  studio = await serveStudio();
  out = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-views-'));
});
test.afterEach(async () => {
  await studio.stop();
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
  test(`variations are shown beside the image and the setting, as the command line writes them, ${colorScheme}`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(studio.url);
    const data = new DataPage(page);
    await data.openPath(path.join(root, 'assets', 'sample'));
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
    await page.setViewportSize({ width: 900, height: 800 });
    await page.screenshot({ path: path.join(screenshots, `views-narrow-${colorScheme}.png`) });
    await context.close();
  });
