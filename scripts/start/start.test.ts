import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
// @ts-expect-error A plain script.
import { chooseShell } from './chooseShell.mjs';
// @ts-expect-error A plain script.
import { findElectron } from './electron.mjs';

interface Choice {
  readonly shell: string;
  readonly reason?: string | null;
}
const choose = chooseShell as (given: object) => Choice;

it('opens the window where it can, else the browser, with the reason', () => {
  const desktop = { wanted: undefined, platform: 'linux', hasDisplay: true, isRoot: false };
  expect(choose(desktop)).toEqual({ shell: 'window' });
  expect(choose({ ...desktop, platform: 'darwin', hasDisplay: false })).toEqual({ shell: 'window' });
  expect(choose({ ...desktop, hasDisplay: false }).reason).toContain('no display');
  expect(choose({ ...desktop, isRoot: true }).reason).toContain('root');
  expect(choose({ ...desktop, wanted: 'browser' })).toEqual({ shell: 'browser', reason: null });
});

it('says that Electron is not installed, in place of fetching it', async () => {
  const found = (await (findElectron as (root: string) => Promise<unknown>)('/nowhere')) as object;
  expect(found).toHaveProperty('missing', expect.stringContaining('not installed'));
});

it('without a display starts the studio for a browser, says why and where, and ends on Ctrl-C', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'thaw-start-'));
  const child = spawn(process.execPath, [path.resolve('scripts', 'start.mjs')], {
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', THAW_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (text: Buffer) => {
      printed += text.toString();
      const found = /http:\S+/.exec(printed)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => {
      reject(new Error(`It ended: ${said}`));
    });
  });
  if (process.platform === 'linux') expect(said).toContain('there is no display to open a window on');
  const page = await fetch(new URL('/', url));
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Thaw</title>');
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
