import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sample, screenshots } from '../../places.ts';
import { expect, test } from '../support/fixture.ts';

let root: string;
let pets: string;

test.beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-data-'));
  pets = path.join(root, 'pets');
  for (const name of ['cat', 'dog']) {
    await mkdir(path.join(pets, name), { recursive: true });
    for (let image = 1; image <= 9; image += 1)
      await cp(
        path.join(sample, name, `${name}-0${image}.jpg`),
        path.join(pets, name, `${name}-0${image}.jpg`),
      );
  }
  // The same image in both classes.
  await cp(path.join(pets, 'cat', 'cat-01.jpg'), path.join(pets, 'dog', 'dog-cat.jpg'));
});
test.afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

test('classes are made, renamed, filled, merged and deleted, and every step is undone', async ({
  page,
  data,
}) => {
  await data.openPath(pets);
  await expect(data.count('cat')).toHaveText('8');
  await data.newClass('wolf');
  await expect(data.count('wolf')).toHaveText('0');

  await data.show('dog');
  await data.tile('dog/dog-01.jpg').click();
  await data.tile('dog/dog-03.jpg').click({ modifiers: ['Shift'] });
  await data.tile('dog/dog-05.jpg').click({ modifiers: ['Control'] });
  await expect(page.getByText('4 selected')).toBeVisible();
  await data.tile('dog/dog-05.jpg').dragTo(data.item('wolf'));
  await expect(data.count('wolf')).toHaveText('4');
  await expect(data.count('dog')).toHaveText('5');

  await data.menu('wolf', 'Rename…');
  await page.getByLabel('Name of the class').fill('grey wolf');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(data.count('grey wolf')).toHaveText('4');
  await data.menu('grey wolf', 'Delete class');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(data.item('grey wolf')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Set aside 4' })).toBeVisible();

  for (let step = 0; step < 4; step += 1) await page.getByRole('button', { name: /^Undo:/ }).click();
  await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeDisabled();
  await expect(data.count('dog')).toHaveText('9');
  await page.getByRole('button', { name: /^Redo: create wolf/ }).click();
  await expect(data.count('wolf')).toHaveText('0');
  await page.getByRole('button', { name: /^Undo:/ }).click();
  expect((await readdir(path.join(pets, 'dog'))).length).toBe(10);
});

test('findings show their images, and a remedy takes them away until it is undone', async ({
  page,
  data,
}) => {
  await data.openPath(pets);
  await page.getByRole('button', { name: 'Same image, two classes 2' }).click();
  await expect(page.locator('.found-images li')).toHaveCount(2);
  const picture = page.locator('.found-images img').first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  await page.screenshot({ path: path.join(screenshots, 'data-finding.png') });
  expect(await data.violations()).toEqual([]);
  await page.locator('.remedies').getByRole('button', { name: 'cat', exact: true }).click();
  await expect(data.count('cat')).toHaveText('9');
  await expect(page.getByRole('button', { name: 'Same image, two classes' })).toHaveCount(0);
  await page.getByRole('button', { name: /^Undo: move 2 images to cat/ }).click();
  await expect(data.count('cat')).toHaveText('8');
});

test('everything on the grid goes by keyboard', async ({ page, data }) => {
  await data.openPath(pets);
  await data.show('cat');
  await expect(data.tile('cat/cat-02.jpg')).toBeVisible();
  await data.grid().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'dog' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('d');
  await page.keyboard.press('Enter');
  await expect(data.count('dog')).toHaveText('11');
  await expect(data.grid()).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(data.count('cat')).toHaveText('0');
  await page.getByRole('button', { name: /^Undo: set/ }).click();
  await expect(data.count('cat')).toHaveText('6');
  await page.getByRole('button', { name: /^Undo: move/ }).click();
  await expect(data.count('cat')).toHaveText('8');
});

test('images are dropped on a class, and taken with the camera, into the project’s folder', async ({
  page,
  data,
  studio,
}) => {
  await data.openPath(pets);
  const desk = page.getByTestId('drop');
  await data.dragFiles(data.grid(), [path.join(sample, 'bird', 'bird-01.jpg')]);
  await expect(desk).toHaveClass(/over/);
  // On its way to the class the drag leaves the desk to the class inside it.
  await data.dragFiles(data.item('dog'), [path.join(sample, 'bird', 'bird-01.jpg')]);
  await expect(data.item('dog')).toHaveClass(/over/);
  await expect(desk).not.toHaveClass(/over/);
  await data.dropFiles(data.item('dog'), [
    path.join(sample, 'bird', 'bird-01.jpg'),
    path.join(sample, '..', 'sample.md'),
  ]);
  await expect(data.count('dog')).toHaveText('10');
  await expect(page.getByText('1 image added to dog')).toBeVisible();
  await expect(page.getByText('sample.md: not an image')).toBeVisible();

  await data.show('dog');
  await page.getByRole('button', { name: 'Camera' }).click();
  const hold = page.getByRole('button', { name: 'Hold to take images' });
  await expect(hold).toBeEnabled();
  await hold.hover();
  await page.mouse.down();
  await expect.poll(() => page.locator('.shots li').count()).toBeGreaterThan(3);
  await page.mouse.up();
  await page.screenshot({ path: path.join(screenshots, 'data-camera.png') });
  // A notice on its way out has little contrast for a moment.
  await expect(page.locator('.toast')).toHaveCount(0, { timeout: 20_000 });
  expect(await data.violations()).toEqual([]);
  const taken = await page.locator('.shots li').count();
  await page.getByRole('button', { name: /^Add \d+ images/ }).click();
  // Frames that are the same bytes count once.
  await expect.poll(async () => Number(await data.count('dog').textContent())).toBeGreaterThan(11);
  const project = await data.projectFolder();
  expect((await readdir(path.join(project, 'images', 'dog'))).length).toBe(1 + taken);
  expect((await readdir(path.join(studio.data, 'datasets'))).length).toBe(0);
  await page.getByRole('button', { name: /^Undo: add/ }).click();
  await page.getByRole('button', { name: /^Undo: add/ }).click();
  await expect(data.count('dog')).toHaveText('9');
});

test('the split is drawn anew, with a share for a test, and kept in the project', async ({ page, data }) => {
  await data.openPath(sample);
  await expect(page.getByText('408 to train on, 72 to validate on')).toBeVisible();
  await page.getByRole('button', { name: 'Adjust…' }).click();
  await page.getByRole('slider', { name: 'Share held back for a test' }).press('ArrowRight');
  await page.getByRole('slider', { name: 'Share held back for a test' }).press('ArrowRight');
  await page.getByRole('button', { name: 'Draw again' }).click();
  await page.screenshot({ path: path.join(screenshots, 'data-split.png') });
  expect(await data.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('.split-card')).toContainText('to test on');
  const file = JSON.parse(await readFile(path.join(await data.projectFolder(), 'project.thaw'), 'utf8')) as {
    split: unknown;
  };
  expect(file.split).toEqual({ validation: 0.2, test: 0.1, seed: 1 });
  await page.getByLabel('Show images of').selectOption('test');
  await expect(page.locator('.tile .where.test').first()).toBeVisible();
});

test('an image is shown as the network is given it, by each policy', async ({ page, data }) => {
  await data.openPath(pets);
  await data.show('dog');
  await data.tile('dog/dog-02.jpg').click();
  await expect(page.locator('.inputs img')).toHaveCount(3);
  const first = page.locator('.inputs img').first();
  await expect.poll(() => first.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  await page.getByRole('button', { name: 'Pad' }).click();
  await expect(page.getByRole('button', { name: 'Pad' })).toHaveAttribute('aria-pressed', 'true');
});

test('a zip and a project are opened like a folder; a new project collects images from nothing', async ({
  page,
  data,
}) => {
  const zip = path.join(root, 'pets.zip');
  execFileSync('python3', [
    '-c',
    `import shutil; shutil.make_archive(${JSON.stringify(zip.slice(0, -4))}, 'zip', ${JSON.stringify(pets)})`,
  ]);
  await data.openPath(zip);
  await expect(data.count('cat')).toHaveText('8');
  await data.expectPictures();
  await data.openOther(path.join(await data.projectFolder(), 'project.thaw'));
  await expect(data.count('cat')).toHaveText('8');

  await page.getByRole('button', { name: 'Open other images…' }).click();
  await page.getByRole('button', { name: 'Start with the camera or single images' }).click();
  await expect(page.getByText('No images here yet.')).toBeVisible();
  await page.screenshot({ path: path.join(screenshots, 'data-empty.png') });
  expect(await data.violations()).toEqual([]);
  await data.dropFiles(page.getByTestId('drop'), [path.join(pets, 'cat', 'cat-02.jpg')]);
  await page.getByLabel('Name of the class').fill('tabby');
  await page.getByRole('dialog').getByRole('button', { name: 'Add images…' }).click();
  await expect(data.count('tabby')).toHaveText('1');
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1440, height: 900 } });
    test('the data station has no serious accessibility problem and its screenshots are kept', async ({
      page,
      data,
    }) => {
      await data.openPath(sample);
      await data.expectPictures();
      expect(await data.violations()).toEqual([]);
      await data.show('cat');
      await data.tile('cat/cat-03.jpg').click();
      await expect(page.locator('.inputs img').last()).toBeVisible();
      expect(await data.violations()).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, `data-class-${colorScheme}.png`) });
      await page.setViewportSize({ width: 420, height: 800 });
      await page.screenshot({ path: path.join(screenshots, `data-narrow-${colorScheme}.png`) });
    });
  });
