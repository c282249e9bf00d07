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

/** `judges`: Keras 2.15 with TensorFlow, and all others. `judges-keras3`: Keras 3 on JAX. */
export type JudgeEnvironment = 'judges' | 'judges-keras3';

/** The Python of an environment, or null where it has not been set up. */
export function judgePython(environment: JudgeEnvironment = 'judges'): string | null {
  const override = process.env.THAW_JUDGE_PYTHON;
  if (override !== undefined && environment === 'judges') return existsSync(override) ? override : null;
  const folder = path.join(cache, environment);
  const python =
    process.platform === 'win32'
      ? path.join(folder, 'venv', 'Scripts', 'python.exe')
      : path.join(folder, 'venv', 'bin', 'python');
  return existsSync(path.join(folder, 'complete')) && existsSync(python) ? python : null;
}

function whyMissing(environment: JudgeEnvironment): string | null {
  return judgePython(environment) !== null || process.env.THAW_REQUIRE === '1'
    ? null
    : 'the Python judges are not set up (python3 with venv and pip is needed)';
}

/** Why tests that need a judge are skipped, or null when they run. With THAW_REQUIRE=1 they always run. */
export const judgeMissing: string | null = whyMissing('judges');

/** The same for tests that need Keras 3. */
export const keras3Missing: string | null = whyMissing('judges-keras3');

/** Runs a script of scripts/judges and returns what it printed. Throws with its standard error when it fails. */
export async function runJudge(
  script: string,
  args: readonly string[],
  environment: JudgeEnvironment = 'judges',
): Promise<string> {
  const python = judgePython(environment);
  if (python === null) throw new Error('The Python judges are not set up: run node scripts/judges/venv.mjs');
  const file = path.join(packageRoot, 'scripts', 'judges', script);
  const { stdout } = await promisify(execFile)(python, [file, ...args], {
    maxBuffer: 256 * 1024 * 1024,
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '3',
      CUDA_VISIBLE_DEVICES: '-1',
      ...(environment === 'judges-keras3' ? { KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' } : {}),
    },
  });
  return stdout;
}

/** Absolute path of the real images and weights kept beside the checkout, or null where they are not. */
export function sharedData(): string | null {
  const folder = path.resolve(packageRoot, '..', 'shared', 'data');
  return existsSync(folder) ? folder : null;
}
