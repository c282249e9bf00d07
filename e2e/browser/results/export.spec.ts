import { execFileSync } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../support/fixture.ts';

test('writes the model, shows that it says the same, and refuses to write over it unasked', async ({
  page,
  user,
  studio,
}) => {
  await user.openSample();
  await user.go('Export');
  await page.getByRole('button', { name: 'Go to Training' }).click();
  await user.set('Epochs for the head', 2);
  await user.startTraining();
  await user.trained();
  await user.go('Export');
  await page.getByRole('radio', { name: /^ONNX/ }).check();
  await page.getByLabel('Weights').selectOption('float16');
  expect(await user.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Export and check' }).click();
  const exported = page.getByTestId('exported');
  await expect(exported).toContainText('Checked in onnxruntime', { timeout: 60_000 });
  await expect(exported.getByRole('listitem').filter({ hasText: 'model.onnx' })).toBeVisible();
  await expect(exported.locator('.golden img').first()).toBeVisible();
  const directory = /(\/\S+)-onnx/.exec(await exported.locator('.row .muted').first().innerText())?.[0] ?? '';
  expect(path.dirname(directory)).toBe(path.join(studio.data, 'exports'));
  await access(path.join(directory, 'model.onnx'));
  const waiting = page.waitForEvent('download');
  await exported.getByRole('link', { name: 'Save as zip' }).click();
  const zip = await waiting;
  expect(zip.suggestedFilename()).toBe(`${path.basename(directory)}.zip`);
  const listed = execFileSync('python3', ['-m', 'zipfile', '-l', await zip.path()], { encoding: 'utf8' });
  expect(listed).toContain(`${path.basename(directory)}/model.onnx`);
  expect(listed).toContain(`${path.basename(directory)}/golden/golden.json`);
  const { origin, hash } = new URL(studio.url);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const status = async (folder: string, key: string): Promise<number> =>
    (
      await page.request.get(
        `${origin}/export?${new URLSearchParams({ directory: folder, token: key }).toString()}`,
      )
    ).status();
  expect(await status(directory, 'wrong')).toBe(403);
  expect(await status(directory, token)).toBe(200);
  expect(await status(path.dirname(directory), token)).toBe(404);
  expect(await status('/etc', token)).toBe(404);
  const golden = JSON.parse(
    await readFile(path.join(directory, 'golden', 'golden.json'), 'utf8'),
  ) as unknown[];
  await expect(exported.locator('.golden li')).toHaveCount(golden.length);
  expect(await user.violations()).toEqual([]);
  await user.screenshot('export', { fullPage: true });
  await page.getByRole('button', { name: 'Export and check' }).click();
  await expect(page.getByRole('alert')).toContainText('What to do', { timeout: 30_000 });
});
