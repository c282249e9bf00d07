import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { sample } from '../places.ts';
import { StudioPage } from '../pages/studioPage.ts';
import { expect, test } from './fixture.ts';

const cats = path.join(sample, 'cat');

/** Clicks an entry of the application's menu, by the labels that lead to it. */
function clickMenu(app: ElectronApplication, ...labels: string[]): Promise<void> {
  return app.evaluate(({ Menu, BrowserWindow }, path) => {
    let items = Menu.getApplicationMenu()?.items ?? [];
    for (const [index, label] of path.entries()) {
      const item = items.find((one) => one.label === label);
      if (item === undefined) throw new Error(`No ${label} in the menu`);
      if (index === path.length - 1) item.click(undefined, BrowserWindow.getAllWindows()[0]);
      items = item.submenu?.items ?? [];
    }
  }, labels);
}

test('the menu opens a folder by the system’s dialog and leads through the stations', async ({ start }) => {
  const { app, page, data } = await start();
  await app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] });
  }, sample);
  await clickMenu(app, 'File', 'Open Folder of Images…');
  await expect(page.getByRole('heading', { name: '480 images in 6 classes' })).toBeVisible();
  await clickMenu(app, 'View', 'Network');
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Network' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  const { recents } = JSON.parse(await readFile(path.join(data, 'recents.json'), 'utf8')) as {
    recents: { path: string }[];
  };
  expect(recents.map((recent) => recent.path)).toEqual([path.join(data, 'projects', 'sample')]);
  await clickMenu(app, 'File', 'Open Recent', 'sample');
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Data' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await clickMenu(app, 'View', 'Theme', 'Dark');
  await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
  await expect
    .poll(() => readFile(path.join(data, 'window', 'theme.json'), 'utf8').catch(() => ''))
    .toContain('dark');
});

test('a project whose images were moved asks for them by the system’s dialog', async ({ start }) => {
  const root = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-moved-'));
  const [before, after] = [path.join(root, 'pets'), path.join(root, 'elsewhere')];
  for (const name of ['cat', 'dog'])
    await cp(path.join(sample, name), path.join(before, name), { recursive: true });
  try {
    const { app, page } = await start({ open: [before] });
    await expect(page.getByRole('heading', { name: '160 images in 2 classes' })).toBeVisible();
    await rename(before, after);
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] });
    }, after);
    await page.getByRole('button', { name: 'Look at the files again' }).click();
    const asked = page.getByRole('dialog', { name: 'Where are the images of pets now?' });
    await expect(asked).toContainText(before);
    await asked.getByRole('button', { name: 'Choose a folder…' }).click();
    await expect(page.locator('.side-panel')).toContainText(after);
    await expect(page.getByRole('heading', { name: '160 images in 2 classes' })).toBeVisible();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test('opens what the desktop opens with it, also when it runs already', async ({ start, shell }) => {
  const { app, page, data } = await start({ open: [sample] });
  await expect(page.getByRole('heading', { name: '480 images in 6 classes' })).toBeVisible();
  const isFocused = app.evaluate(
    ({ app }) =>
      new Promise<boolean>((resolve) => {
        app.once('second-instance', () => {
          resolve(true);
        });
      }),
  );
  const { DISPLAY } = await app.evaluate(() => ({ DISPLAY: process.env['DISPLAY'] ?? '' }));
  execFileSync(shell.executable, ['--no-sandbox', ...shell.args, path.dirname(cats)], {
    env: { ...process.env, DISPLAY, THAW_DATA: data },
    stdio: 'ignore',
    timeout: 30_000,
  });
  expect(await isFocused).toBe(true);
});

test('asks before it closes over a training; the run that is stopped can be resumed', async ({ start }) => {
  const { app, page, data } = await start();
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 400);
  await user.startTraining();
  await user.epochsOver(1);
  const close = (answer: number) =>
    app.evaluate(
      ({ dialog, BrowserWindow }, response) =>
        new Promise<string>((resolve) => {
          dialog.showMessageBox = (...args: unknown[]) => {
            resolve((args.at(-1) as { message: string }).message);
            return Promise.resolve({ response, checkboxChecked: false });
          };
          BrowserWindow.getAllWindows()[0]?.close();
        }),
      answer,
    );
  const progress = () =>
    app.evaluate(({ powerSaveBlocker }) => [0, 1, 2].some((id) => powerSaveBlocker.isStarted(id)));
  expect(await progress()).toBe(true);
  expect(await close(0)).toBe('A training is running.');
  const shown = await user.epochs();
  await user.epochsOver(shown);
  const closed = app.waitForEvent('close');
  await close(1);
  await closed;
  const again = await start({ data });
  await expect(again.page.getByRole('button', { name: 'Open the sample' })).toBeVisible();
});

test('opens again where it was', async ({ start }) => {
  const first = await start();
  const bounds = { x: 40, y: 60, width: 1000, height: 700 };
  await first.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
  }, bounds);
  const size = (app: typeof first.app) =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
  const wanted = { width: bounds.width, height: bounds.height };
  // The window system takes its time.
  await expect.poll(() => size(first.app)).toMatchObject(wanted);
  await first.app.close();
  const second = await start({ data: first.data });
  await expect.poll(() => size(second.app)).toMatchObject(wanted);
});

test('says so when the engine dies, starts it again, and resumes the run', async ({ start }) => {
  const { app, page } = await start();
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 400);
  await user.startTraining();
  await user.epochsOver(2);
  const pid = app.process().pid ?? 0;
  const engine = execFileSync('pgrep', ['-P', String(pid), '-f', 'engine-process'], { encoding: 'utf8' });
  process.kill(Number(engine.trim()), 'SIGKILL');
  await expect(page.getByRole('alert')).toContainText('The engine process ended unexpectedly');
  const before = await user.epochs();
  await page.getByRole('button', { name: 'Resume this run' }).click();
  await user.epochsOver(before);
  await page.reload();
  await user.go('Training');
  await user.epochsOver(before + 1);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(user.state()).toHaveText('Done');
});
