import { createRequire } from 'node:module';
import os from 'node:os';
import type { ThawError } from '../../../shared/errors.ts';
import { describeError, thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { isNative } from './addon/binding.ts';
import { supplyRemovedUtilities } from './addon/nodeCompat.ts';
import { keepOwnMemory } from './addon/ownMemory.ts';
import type { DownloadOptions } from './provision/download.ts';
import { isLinked, provisionRuntime, runtimePlaces } from './provision/provision.ts';
import { nvidiaGpu } from './provision/target.ts';
import { limitTensorFlow } from './threads.ts';
import type { Tf } from './tf.ts';

export interface TensorFlowRuntime {
  readonly tf: Tf;
  readonly kind: 'native' | 'portable';
  /** For reports: "tensorflow 2.15.1 native" or "portable". */
  readonly description: string;
  /** What computes: the processor's or the GPU's name. */
  readonly device: string;
  readonly onGpu: boolean;
  /** Why the native runtime is not used; null when it is, or was not asked for. */
  readonly reason: ThawError | null;
}

export interface LoadOptions extends DownloadOptions {
  /** Whether a missing native runtime is fetched and built; else portable mode is used at once. */
  readonly provision?: boolean;
  /** Told once, in plain words, when portable mode is used. */
  readonly onNotice?: (message: string) => void;
}

const require = createRequire(import.meta.url);
let loaded: Promise<Result<TensorFlowRuntime>> | null = null;
/** Whether what is loaded was loaded by a caller that wanted nothing set up. */
let onlyLooked = false;

/**
 * TensorFlow.js over the native library, or over its portable backend where that cannot be had (or
 * THAW_RUNTIME=portable asks for it). Loaded once in a process. Errors: cancelled; engine-missing when nothing loads.
 */
export async function loadTensorFlow(options: LoadOptions = {}): Promise<Result<TensorFlowRuntime>> {
  const setsUp = options.provision ?? true;
  if (loaded !== null && setsUp && onlyLooked) {
    const found = await loaded;
    // Someone only looked what is here; what is missing for want of a set-up is set up now.
    if (found.ok && found.value.reason !== null && onlyLooked) loaded = null;
  }
  if (loaded === null) {
    loaded = load(options);
    onlyLooked = !setsUp;
  }
  const result = await loaded;
  // A cancelled set-up may be tried again.
  if (!result.ok) loaded = null;
  return result;
}

async function load(options: LoadOptions): Promise<Result<TensorFlowRuntime>> {
  if (process.env['THAW_RUNTIME'] === 'portable') return loadPortable(null);
  const missing = await makeReady(options);
  if (missing?.code === 'cancelled') return err(missing);
  const native = missing === null ? loadNative() : err(missing);
  if (native.ok) return native;
  options.onNotice?.(`Training in portable mode, which is slow. ${describeError(native.error)}`);
  return loadPortable(native.error);
}

/** Null when the addon is in place, else why it is not. */
async function makeReady(options: LoadOptions): Promise<ThawError | null> {
  if (options.provision ?? true) {
    const provisioned = await provisionRuntime(options);
    return provisioned.ok ? null : provisioned.error;
  }
  if (isLinked(runtimePlaces(false))) return null;
  return thawError('engine-missing', 'The native TensorFlow runtime is not set up.', {
    remedy: 'Run `thaw doctor`, which sets it up.',
  });
}

function loadNative(): Result<TensorFlowRuntime> {
  // Its start-up chatter is for developers of TensorFlow.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  limitTensorFlow();
  supplyRemovedUtilities(require('node:util') as Parameters<typeof supplyRemovedUtilities>[0]);
  try {
    const tf = require('@tensorflow/tfjs-node-gpu') as Tf;
    const backend = tf.backend();
    if (!isNative(backend)) throw new Error('TensorFlow.js chose another backend');
    keepOwnMemory(backend);
    const gpu = backend.isUsingGpuDevice;
    const version = (tf.version as Record<string, string | undefined>)['tensorflow'] ?? libraryVersion(tf);
    return ok({
      tf,
      kind: 'native',
      description: `tensorflow ${version} native`,
      device: gpu ? (nvidiaGpu() ?? 'GPU') : processorName(),
      onGpu: gpu,
      reason: null,
    });
  } catch (cause) {
    return err(
      thawError('engine-missing', 'The native TensorFlow runtime does not load.', {
        found: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
        remedy:
          'Run `thaw doctor`; if that does not help, remove the cache folder it names and run it again.',
        ...(cause instanceof Error && cause.stack !== undefined && { detail: cause.stack }),
      }),
    );
  }
}

function libraryVersion(tf: Tf): string {
  const { binding } = tf.backend() as unknown as { binding?: { TF_Version?: string } };
  return binding?.TF_Version ?? '';
}

/** The same package's JavaScript, on its CPU backend. */
function loadPortable(reason: ThawError | null): Result<TensorFlowRuntime> {
  supplyRemovedUtilities(require('node:util') as Parameters<typeof supplyRemovedUtilities>[0]);
  const fromPackage = createRequire(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  try {
    const tf = fromPackage('@tensorflow/tfjs') as Tf;
    tf.enableProdMode();
    return ok({
      tf,
      kind: 'portable',
      description: 'portable',
      device: processorName(),
      onGpu: false,
      reason,
    });
  } catch (cause) {
    return err(
      thawError('engine-missing', 'TensorFlow.js does not load.', {
        found: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Run `npm ci` again.',
      }),
    );
  }
}

function processorName(): string {
  return os.cpus()[0]?.model.trim() || os.arch();
}
