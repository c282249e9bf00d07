import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { sample } from '../../places.ts';
import { expect, test } from '../support/fixture.ts';

test('pauses, goes on, survives a reload, stops and resumes', async ({ page, user }) => {
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 400);
  await user.startTraining();
  await user.epochsOver(1);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(user.state()).toHaveText('Paused');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(user.state()).toHaveText('Training');
  const shown = await user.epochs();
  await page.reload();
  await user.go('Training');
  await expect.poll(() => user.epochs(), { timeout: 30_000 }).toBeGreaterThan(shown);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
  const before = await user.epochs();
  await page.getByRole('button', { name: 'Resume this run' }).click();
  await user.epochsOver(before);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
});

test('says so when the engine dies, and goes on from the last epoch', async ({ page, user, studio }) => {
  test.skip(process.platform === 'win32', 'pgrep is needed to find the engine’s process');
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 400);
  await user.startTraining();
  await user.epochsOver(2);
  const engine = Number(
    execFileSync('pgrep', ['-P', String(studio.pid), '-f', 'engine-process'], { encoding: 'utf8' }).trim(),
  );
  process.kill(engine, 'SIGKILL');
  await expect(page.getByRole('alert')).toContainText('The engine process ended unexpectedly');
  await expect(user.state()).toHaveText('Failed');
  const before = await user.epochs();
  await page.getByRole('button', { name: 'Resume this run' }).click();
  await user.epochsOver(before);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
});

test('freezes and thaws by preset, shift-click, keyboard and layer, and undoes it', async ({
  page,
  user,
}) => {
  await user.plan('Everything');
  await expect(user.thawed()).toContainText('104 thawed');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(user.thawed()).toContainText('0 thawed');
  await user.block('block_15').click({ modifiers: ['Shift'] });
  await expect(user.block('block_16')).toHaveAttribute('data-state', 'thawed');
  await expect(user.block('block_14')).toHaveAttribute('data-state', 'frozen');
  await page.keyboard.press('f');
  await expect(user.block('block_15')).toHaveAttribute('data-state', 'frozen');
  await page.getByRole('complementary').getByLabel('block_15_expand', { exact: false }).first().click();
  await expect(user.block('block_15')).toHaveAttribute('data-state', 'partly');
});

test('takes a folder that is dropped or chosen', async ({ user: { page } }) => {
  await page.getByLabel('Choose a folder…').setInputFiles(sample);
  await expect(page.getByRole('heading', { name: '480 images in 6 classes' })).toBeVisible({
    timeout: 30_000,
  });

  const box = await page.getByTestId('drop').boundingBox();
  const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 };
  const data = {
    items: [],
    files: ['cat', 'dog'].map((name) => path.join(sample, name)),
    dragOperationsMask: 1,
  };
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await expect(page.getByRole('heading', { name: '160 images in 2 classes' })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.locator('.thumbnails img').first()).toHaveJSProperty('naturalWidth', 128);
});

test('says what is wrong with a dataset that is not there', async ({ page, user }) => {
  await page.getByLabel('Path of a folder, zip or CSV on this machine').fill('/no/such/folder');
  await page.getByRole('button', { name: 'Open dataset' }).click();
  await expect(page.getByRole('alert')).toContainText('/no/such/folder');
  await expect(page.getByRole('alert')).toContainText('What to do');
  await user.screenshot('error');
  await user.page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('has no serious accessibility problem', async ({ page, user }) => {
      await user.openSample();
      for (const station of ['Data', 'Network', 'Training'] as const) {
        await user.go(station);
        if (station === 'Network') await expect(user.block('block_16')).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => `${station} ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
        await user.screenshot(`${station.toLowerCase()}-${colorScheme}`);
      }
      await page.setViewportSize({ width: 420, height: 800 });
      await user.screenshot(`narrow-${colorScheme}`);
    });
  });

test('lets nobody in without the key, from another site, or out of the dataset', async ({
  request,
  studio,
  user,
}) => {
  await user.openSample();
  const { origin, hash } = new URL(studio.url);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const page = await request.get(origin);
  expect(page.headers()['content-security-policy']).toContain("default-src 'none'");
  expect((await request.get(origin, { headers: { host: 'evil.example' } })).status()).toBe(421);
  const image = (dataset: string, file: string, key: string) =>
    request.get(`${origin}/image?${new URLSearchParams({ dataset, path: file, token: key }).toString()}`);
  const project = path.join(studio.data, 'projects', 'sample');
  expect((await image(project, 'cat/cat-01.jpg', token)).status()).toBe(200);
  expect((await image(project, 'cat/cat-01.jpg', 'wrong')).status()).toBe(403);
  expect((await image('/never-opened', 'cat/cat-01.jpg', token)).status()).toBe(403);
  expect((await image('/etc', 'passwd', token)).status()).toBe(403);
  expect((await image(project, '../../package.json', token)).status()).toBe(404);
  expect((await image(project, '../backbones/../../package.json', token)).status()).toBe(404);
  expect((await request.post(origin)).status()).toBe(405);
  const upload = (file: string, key: string) =>
    request.post(`${origin}/upload/test?${new URLSearchParams({ path: file }).toString()}`, {
      headers: { 'x-thaw-token': key },
      data: 'text',
    });
  expect((await upload('a/b.txt', 'wrong')).status()).toBe(403);
  expect((await upload('../../escaped.txt', token)).status()).toBe(400);
  expect((await upload('/etc/escaped.txt', token)).status()).toBe(400);
  expect((await upload('a/b.txt', token)).status()).toBe(201);
  expect((await upload('a/b.txt', token)).status()).toBe(400);
  expect(await readFile(path.join(studio.data, 'datasets', 'test', 'a', 'b.txt'), 'utf8')).toBe('text');
});
