import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { runCommand } from './runCommand.ts';
import type { Wheel } from './target.ts';
import { wheelPython } from './target.ts';

export interface Progress {
  readonly what: string;
  /** Bytes, where `total` is a number of bytes. */
  readonly done: number;
  readonly total: number | null;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How pip can be called, in the order tried. */
const pips: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['python', '-m', 'pip'],
  ['pip'],
  ['py', '-m', 'pip'],
];

/** A working pip, or null. */
export async function findPip(signal?: AbortSignal): Promise<readonly [string, ...string[]] | null> {
  for (const pip of pips) {
    const [command, ...args] = pip;
    const { status } = await runCommand(command, [...args, '--version'], { signal, timeoutSeconds: 30 });
    if (status === 0) return pip;
  }
  return null;
}

/**
 * Fetches wheels by pip into `folder` and returns their files. What is there already, whole, is not fetched again.
 * Errors: engine-missing, saying what to install or what pip said; disk-full.
 */
export async function downloadWheels(
  requirements: readonly string[],
  wheel: Wheel,
  folder: string,
  options: DownloadOptions,
): Promise<Result<string[]>> {
  const pip = await findPip(options.signal);
  if (pip === null) {
    return err(
      thawError('engine-missing', 'pip, which fetches the native TensorFlow runtime, was not found.', {
        expected: 'Python 3 with pip on the PATH; any version will do',
        remedy:
          'Install it (Debian, Ubuntu: sudo apt install python3-pip; Fedora: sudo dnf install python3-pip; macOS: brew install python; Windows: python.org), then run `thaw doctor`.',
      }),
    );
  }
  const temporary = path.join(folder, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const watch = watchGrowth(temporary, wheel.distribution, options);
  const [command, ...args] = pip;
  try {
    const { status, output } = await runCommand(
      command,
      [
        ...args,
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--disable-pip-version-check',
        '--progress-bar=off',
        '--python-version',
        wheelPython,
        '--platform',
        wheel.platform,
        '--dest',
        folder,
        ...requirements,
      ],
      { env: { TMPDIR: temporary, TEMP: temporary, TMP: temporary }, onOutput: watch.read, ...options },
    );
    if (status !== 0) return err(failedDownload(requirements, output));
  } finally {
    watch.stop();
    await rm(temporary, { recursive: true, force: true });
  }
  const files = await readdir(folder);
  return ok(files.filter((name) => name.endsWith('.whl')).map((name) => path.join(folder, name)));
}

/** pip tells the size of what it fetches; how far it is shows in its temporary folder. */
function watchGrowth(folder: string, what: string, options: DownloadOptions) {
  let total: number | null = null;
  const timer = setInterval(() => {
    void bytesIn(folder).then((bytes) => {
      // For a moment pip keeps what it fetched twice.
      const done = Math.min(bytes, total ?? bytes);
      options.onProgress?.({ what: `fetching ${what}`, done, total });
    });
  }, 300);
  return {
    read(text: string) {
      for (const [, amount, unit] of text.matchAll(/\(([\d.]+) (kB|MB|GB)\)/g)) {
        const scale = unit === 'kB' ? 1e3 : unit === 'MB' ? 1e6 : 1e9;
        total = (total ?? 0) + Number(amount) * scale;
      }
    },
    stop() {
      clearInterval(timer);
    },
  };
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  // pip removes files while they are being counted.
  const sizes = names.map((name) =>
    stat(path.join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function failedDownload(requirements: readonly string[], output: string) {
  const said = output.trim().split('\n').slice(-2).join(' ').slice(0, 400);
  if (/No space left on device/.test(output))
    return thawError('disk-full', 'There is no space left for the native TensorFlow runtime.', {
      expected: 'about 1.5 GB (4 GB with CUDA)',
      remedy: 'Free some space, or name another place with THAW_CACHE.',
      detail: output,
    });
  return thawError('engine-missing', `pip could not fetch ${requirements.join(', ')}.`, {
    found: said,
    remedy: 'Check the network connection (and PIP_INDEX_URL behind a proxy), then run `thaw doctor`.',
    detail: output,
  });
}
