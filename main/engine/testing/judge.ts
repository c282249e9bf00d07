import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import envPaths from 'env-paths';
import { packageRoot } from '../runtime/packageRoot.ts';

/**
 * Independent authorities for numbers: Python with Keras, scikit-learn, ONNX and Pillow, in a virtual environment
 * that scripts/judges/venv.mjs makes. Tests ask them for the truth.
 */

const cache = process.env.THAW_CACHE ?? envPaths('thaw', { suffix: '' }).cache;

/** The judges' Python, or null where it has not been set up. */
export function judgePython(): string | null {
  const override = process.env.THAW_JUDGE_PYTHON;
  if (override !== undefined) return existsSync(override) ? override : null;
  const folder = path.join(cache, 'judges');
  const python =
    process.platform === 'win32'
      ? path.join(folder, 'venv', 'Scripts', 'python.exe')
      : path.join(folder, 'venv', 'bin', 'python');
  return existsSync(path.join(folder, 'complete')) && existsSync(python) ? python : null;
}

/** Why tests that need a judge are skipped, or null when they run. With THAW_REQUIRE=1 they always run. */
export const judgeMissing: string | null =
  judgePython() !== null || process.env.THAW_REQUIRE === '1'
    ? null
    : 'the Python judges are not set up (python3 with venv and pip is needed)';

/** Runs a script of scripts/judges and returns what it printed. Throws with its standard error when it fails. */
export async function runJudge(script: string, args: readonly string[]): Promise<string> {
  const python = judgePython();
  if (python === null) throw new Error('The Python judges are not set up: run node scripts/judges/venv.mjs');
  const file = path.join(packageRoot, 'scripts', 'judges', script);
  const { stdout } = await promisify(execFile)(python, [file, ...args], {
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
  });
  return stdout;
}

/** Absolute path of the real images and weights kept beside the checkout, or null where they are not. */
export function sharedData(): string | null {
  const folder = path.resolve(packageRoot, '..', 'shared', 'data');
  return existsSync(folder) ? folder : null;
}
