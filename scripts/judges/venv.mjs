/** Sets up the judges: per-user Python environments, one with Keras 2 and the other authorities, one with Keras 3. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import lockfile from 'proper-lockfile';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Environments and their requirements: Keras 2 and 3 cannot live in one. */
const environments = {
  judges: 'requirements.txt',
  'judges-keras3': 'requirements-keras3.txt',
};

/** An environment's folder; `complete` in it is written last and names the requirements it was made from. */
export function judgesFolder(name = 'judges') {
  return path.join(process.env.THAW_CACHE ?? envPaths('thaw', { suffix: '' }).cache, name);
}

/** Makes the environments that are missing or out of date. Returns null, or the reason one could not be made. */
export async function ensureJudgeVenv() {
  const reasons = [];
  for (const [name, file] of Object.entries(environments))
    reasons.push(await ensureEnvironment(name, path.join(here, file)));
  return reasons.find((reason) => reason !== null) ?? null;
}

/** Makes one environment from a file of requirements. Returns null, or the reason it could not be made. */
export async function ensureEnvironment(name, file) {
  const folder = judgesFolder(name);
  const marker = path.join(folder, 'complete');
  const requirements = readFileSync(file, 'utf8');
  const upToDate = () => existsSync(marker) && readFileSync(marker, 'utf8') === requirements;
  if (upToDate()) return null;
  mkdirSync(folder, { recursive: true });
  const release = await lockfile.lock(folder, {
    stale: 60_000,
    retries: { retries: 600, minTimeout: 1000, maxTimeout: 1000 },
  });
  try {
    if (upToDate()) return null;
    const python = ['python3', 'python', 'py'].find(isPython);
    if (python === undefined) return 'no python3 was found; install Python 3.11 with its venv module';
    const venv = path.join(folder, 'venv');
    rmSync(marker, { force: true });
    rmSync(venv, { recursive: true, force: true });
    run(python, ['-m', 'venv', venv]);
    const inside =
      process.platform === 'win32'
        ? path.join(venv, 'Scripts', 'python.exe')
        : path.join(venv, 'bin', 'python');
    run(inside, ['-m', 'pip', 'install', '--quiet', '-r', file]);
    writeFileSync(marker, requirements);
    return null;
  } catch (error) {
    const last = String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .slice(-3)
      .join(' ');
    return `${last} (on Debian: apt-get install python3-venv python3-pip)`;
  } finally {
    await release();
  }
}

function isPython(name) {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(command, args) {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = await ensureJudgeVenv();
  if (reason !== null) {
    console.error(`The judges could not be set up: ${reason}`);
    process.exitCode = 1;
  }
}
