import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
// @ts-expect-error A plain script, also run by itself.
import { ensureLegacyElectron } from '../../scripts/legacy-electron.mjs';
// @ts-expect-error A plain script, also run by itself.
import { buildLegacy, legacyApp } from './legacy/build.mjs';
import { root } from '../places.ts';
import { supplyVisibility } from './visibility.ts';

/** An Electron and the application built for it. */
export interface Shell {
  readonly executable: string;
  /** What the executable is started with: the application's folder, nothing for a packaged one. */
  readonly args: readonly string[];
}

/**
 * What `THAW_PACKAGED` names, a packaged application's executable; else the current Electron where its binary is; else
 * the old one that package registries have; else why there is none.
 */
export async function findShell(): Promise<Shell | { readonly missing: string }> {
  const packaged = process.env['THAW_PACKAGED'];
  if (packaged !== undefined) return { executable: path.resolve(packaged), args: [] };
  const current = currentElectron();
  if (current !== null) return { executable: current, args: [root] };
  const old = (await ensureLegacyElectron()) as { executable: string } | { missing: string };
  if ('missing' in old) return old;
  if (process.env['DISPLAY'] === undefined && !hasXvfb())
    return { missing: 'there is no display and no Xvfb (on Debian: apt-get install xvfb)' };
  const libraries = missingLibraries(old.executable);
  if (libraries.length > 0) return { missing: `Electron needs ${libraries.join(', ')}` };
  await (buildLegacy as () => Promise<void>)();
  return { executable: old.executable, args: [legacyApp as string] };
}

/** As Electron's own package finds it, without its download. */
function currentElectron(): string | null {
  const folder = path.join(root, 'node_modules', 'electron');
  const named = path.join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const executable = path.join(folder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(executable) ? executable : null;
}

function hasXvfb(): boolean {
  try {
    execFileSync('which', ['Xvfb'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function missingLibraries(executable: string): string[] {
  const linked = execFileSync('ldd', [executable], { encoding: 'utf8' });
  return [...linked.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
}

export interface Display {
  readonly name: string;
  stop(): void;
}

/** The display there is, or a virtual one of its own. */
export async function openDisplay(): Promise<Display> {
  const given = process.env['DISPLAY'];
  if (given !== undefined || process.platform !== 'linux')
    return { name: given ?? '', stop: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.stdio[3]?.once('data', (data: Buffer) => {
      resolve(data.toString().trim());
    });
    server.once('exit', () => {
      reject(new Error('Xvfb ended at once'));
    });
  });
  return { name: `:${number}`, stop: () => server.kill() };
}

/** The application's environment, with a data folder of its own. */
export async function shellEnvironment(display: Display, data?: string): Promise<Record<string, string>> {
  return {
    ...(process.env as Record<string, string>),
    DISPLAY: display.name,
    THAW_DATA: data ?? (await freshData()),
    THAW_E2E_NODE: process.execPath,
  };
}

function freshData(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'thaw-window-'));
}

export interface RunningShell {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What `THAW_DATA` names. */
  readonly data: string;
}

/** Starts the application with a data folder of its own, or with a given one. */
export async function startShell(
  shell: Shell,
  display: Display,
  options: { readonly data?: string; readonly open?: readonly string[] } = {},
): Promise<RunningShell> {
  const data = options.data ?? (await freshData());
  const app = await _electron.launch({
    executablePath: shell.executable,
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', ...shell.args, ...(options.open ?? [])],
    env: await shellEnvironment(display, data),
  });
  const page = await app.firstWindow();
  const chromium = await app.evaluate(() => Number.parseInt(process.versions.chrome, 10));
  if (chromium < 105) await supplyVisibility(page);
  await page.getByRole('navigation').getByRole('button', { name: 'Data' }).waitFor();
  return { app, page, data };
}
