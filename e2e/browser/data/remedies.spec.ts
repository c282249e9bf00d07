import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { sample, screenshots } from '../../places.ts';
import { expect, test } from '../support/fixture.ts';

let root: string;

test.beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-remedies-'));
});
test.afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A dataset with 14 cats and 2 dogs, and something wrong of each kind. */
async function makePets(name: string): Promise<string> {
  const pets = path.join(root, name);
  const at = (...names: string[]): string => path.join(pets, ...names);
  for (const [name, count] of [
    ['cat', 14],
    ['dog', 2],
  ] as const)
    for (let image = 1; image <= count; image += 1) {
      const file = `${name}-${String(image).padStart(2, '0')}.jpg`;
      await cp(path.join(sample, name, file), at(name, file), { recursive: true });
    }
  await cp(at('cat', 'cat-01.jpg'), at('cat', 'copy-a.jpg'));
  await cp(at('cat', 'cat-02.jpg'), at('cat', 'copy-b.jpg'));
  const cut = await readFile(at('cat', 'cat-03.jpg'));
  await writeFile(at('cat', 'cut-a.jpg'), cut.subarray(0, 900));
  await writeFile(at('cat', 'cut-b.jpg'), cut.subarray(0, 1000));
  await sharp(at('cat', 'cat-04.jpg')).resize(300, 40, { fit: 'fill' }).toFile(at('cat', 'long.png'));
  await mkdir(at('owl'));
  await cp(path.join(sample, 'bird', 'bird-01.jpg'), at('owl', 'owl.jpg'));
  return pets;
}

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 800 } });
    test('every finding has its remedy, by one click and undone by another', async ({ page, data }) => {
      const pets = await makePets(`pets-${colorScheme}`);
      await data.openPath(pets);
      const kind = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} \\d`) });
      const undo = () => page.getByRole('button', { name: /^Undo:/ });

      await kind('Exact duplicates').click();
      await page.screenshot({ path: path.join(screenshots, `remedy-duplicates-${colorScheme}.png`) });
      await page.getByRole('button', { name: 'Keep one of each' }).click();
      await expect(page.getByText('2 images set aside.')).toBeVisible();
      await expect(kind('Exact duplicates')).toHaveCount(0);
      await undo().click();
      await expect(kind('Exact duplicates')).toBeVisible();
      await page.getByRole('button', { name: 'Set the copies aside' }).first().click();
      await expect(kind('Exact duplicates')).toHaveText(/1$/);
      await undo().click();
      await expect(kind('Exact duplicates')).toHaveText(/2$/);

      await kind('Files cut short').click();
      await page.locator('.grid-toolbar').getByRole('button', { name: 'Set them aside' }).click();
      await expect(kind('Files cut short')).toHaveCount(0);
      await undo().click();

      await kind('Unequal classes').click();
      await page.getByRole('button', { name: 'Balance the classes in training' }).click();
      await expect(page.getByText('Training counts every class alike.')).toBeVisible();
      expect(await data.violations()).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, `remedy-classes-${colorScheme}.png`) });

      await kind('Odd sizes').click();
      await page.getByRole('button', { name: 'Train with Pad' }).click();
      await expect(page.getByText('Training pads images.')).toBeVisible();
      await page.screenshot({ path: path.join(screenshots, `remedy-sizes-${colorScheme}.png`) });

      await kind('Small classes').click();
      await page.getByRole('button', { name: 'Do without owl' }).click();
      await expect(data.item('owl')).toHaveCount(0);
      await undo().click();
      await expect(data.item('owl')).toBeVisible();

      await data.go('Training');
      await page.getByRole('button', { name: 'More settings' }).click();
      await expect(page.getByLabel('Class weights')).toHaveValue('auto');
      await expect(page.getByLabel('How images become square')).toHaveValue('pad');
      await data.go('Data');
      await kind('Odd sizes').click();
      await page.getByRole('button', { name: 'Back to Squash' }).click();
      await kind('Unequal classes').click();
      await page.getByRole('button', { name: 'Count every image alike' }).click();
      await expect(page.getByRole('button', { name: 'Balance the classes in training' })).toBeVisible();
      await page.setViewportSize({ width: 900, height: 800 });
      await page.screenshot({ path: path.join(screenshots, `remedy-narrow-${colorScheme}.png`) });
    });
  });

test('an image without a class is put into one by a click, and what needs nothing says so', async ({
  page,
  data,
}) => {
  const pets = path.join(root, 'loose');
  for (const name of ['cat', 'dog'])
    await cp(path.join(sample, name), path.join(pets, name), { recursive: true });
  await cp(path.join(sample, 'bird', 'bird-01.jpg'), path.join(pets, 'who.jpg'));
  await cp(path.join(sample, 'bird', 'bird-02.jpg'), path.join(pets, 'what.jpg'));
  await writeFile(path.join(pets, '.hidden'), '');
  await data.openPath(pets);
  const kind = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} \\d`) });
  await kind('Without a class').click();
  const card = page.locator('.finding', { hasText: 'who.jpg' });
  const picture = card.getByRole('img', { name: 'who.jpg' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  expect(await data.violations()).toEqual([]);
  await data.screenshot('remedy-unlabelled');
  await card.getByRole('button', { name: 'cat', exact: true }).click();
  await expect(data.count('cat')).toHaveText('81');
  await expect(kind('Without a class')).toHaveText(/1$/);
  await page.getByRole('button', { name: /^Undo: move 1 image to cat/ }).click();
  await expect(data.count('cat')).toHaveText('80');
  await page.getByRole('button', { name: 'Take all off the list' }).click();
  await expect(page.getByText('2 taken off the list.')).toBeVisible();
  await expect(kind('Without a class')).toHaveCount(0);
  await page.getByRole('button', { name: /^Undo: set 2 images aside/ }).click();
  await kind('Hidden files').click();
  await expect(page.getByText('Nothing needs doing.')).toBeVisible();
  await expect(page.locator('.remedies')).toHaveCount(0);
});

test('a project whose images were moved asks where they are, and goes on with every decision', async ({
  page,
  data,
}) => {
  const home = path.join(root, 'moving');
  await cp(path.join(sample, 'cat'), path.join(home, 'cat'), { recursive: true });
  await cp(path.join(sample, 'dog'), path.join(home, 'dog'), { recursive: true });
  await data.openPath(home);
  await data.show('cat');
  await data.tile('cat/cat-02.jpg').click();
  await page.keyboard.press('Delete');
  await expect(data.count('cat')).toHaveText('79');
  const moved = path.join(root, 'moved');
  await rename(home, moved);

  // Looking at the files again finds that they are gone.
  await page.getByRole('button', { name: 'Look at the files again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Where are the images of moving now?' });
  await expect(dialog).toContainText(home);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);

  // So does the page that takes up where it was.
  await page.reload();
  await dialog.waitFor();
  await dialog.getByRole('textbox').fill(path.join(root, 'nowhere'));
  await dialog.getByRole('button', { name: 'Use this place' }).click();
  await expect(dialog.getByRole('alert')).toContainText('nowhere');
  expect(await data.violations()).toEqual([]);
  await page.screenshot({ path: path.join(screenshots, 'data-moved.png') });
  await dialog.getByRole('textbox').fill(moved);
  await dialog.getByRole('button', { name: 'Use this place' }).click();
  await expect(data.count('cat')).toHaveText('79');
  await expect(page.locator('.side-panel')).toContainText(moved);
  await expect(dialog).toHaveCount(0);
});
