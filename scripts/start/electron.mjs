/** Electron's binary, which its package fetches on first use. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How long a fetch may take that has begun; where its host cannot be reached it fails within seconds. */
const limitSeconds = 300;

/**
 * The executable, fetched if need be.
 * @param {string} root folder that holds node_modules
 * @returns {Promise<{ executable: string } | { missing: string }>}
 */
export async function findElectron(root) {
  const folder = path.join(root, 'node_modules', 'electron');
  if (!existsSync(path.join(folder, 'package.json')))
    return { missing: 'Electron is not installed (development packages were left out)' };
  const present = executableIn(folder);
  if (present !== null) return { executable: present };
  console.error('Fetching Electron (about 110 MB), once…');
  const failure = await fetchElectron(folder);
  const fetched = executableIn(folder);
  if (fetched !== null) return { executable: fetched };
  return { missing: `Electron could not be fetched (${failure ?? 'its installer left nothing'})` };
}

/** As Electron's own package finds it. */
function executableIn(folder) {
  const named = path.join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const executable = path.join(folder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/** Null, or why it failed, in a few words. */
function fetchElectron(folder) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(folder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-10_000);
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(`it took more than ${limitSeconds} seconds`);
    }, limitSeconds * 1000);
    child.once('error', ({ message }) => {
      clearTimeout(timer);
      resolve(message);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : errorLine(said));
    });
  });
}

/** The line that names the error, without the stack below it. */
function errorLine(said) {
  const lines = said.split('\n').map((line) => line.trim());
  return lines.find((line) => /error|cannot|require/i.test(line)) ?? 'its installer failed';
}
