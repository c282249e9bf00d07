import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { nvidiaGpu } from '../provision/target.ts';
import type { TensorFlowRuntime } from '../tensorflow.ts';
import { loadTensorFlow } from '../tensorflow.ts';

/** What can compute the frozen layers of a network. */
export const frozenRuntimes = ['onnxruntime', 'tensorflow'] as const;
export type FrozenRuntime = (typeof frozenRuntimes)[number];

/** What THAW_FROZEN asks for; null when it leaves the choice to Thaw. Errors: usage for another word. */
export function askedFrozenRuntime(): Result<FrozenRuntime | null> {
  const word = process.env['THAW_FROZEN'] ?? '';
  if (word === '') return ok(null);
  const found = frozenRuntimes.find((name) => name === word);
  if (found !== undefined) return ok(found);
  return err(
    thawError('usage', 'THAW_FROZEN names no runtime for the frozen layers.', {
      expected: frozenRuntimes.join(' or '),
      found: word,
      remedy:
        'Set it to one of them, or unset it: then TensorFlow computes them on a GPU, else ONNX Runtime.',
    }),
  );
}

/**
 * ONNX Runtime is the faster one on a processor; TensorFlow is the one that reaches the GPU, as the package of ONNX
 * Runtime brings its CUDA part by an install script only.
 * @param few whether so few images come that loading TensorFlow costs more than it saves.
 */
export function frozenRuntimeFor(
  asked: FrozenRuntime | null,
  { kind, onGpu }: Pick<TensorFlowRuntime, 'kind' | 'onGpu'>,
  few = false,
): FrozenRuntime {
  if (kind !== 'native' || asked === 'onnxruntime') return 'onnxruntime';
  return asked === 'tensorflow' || (onGpu && !few) ? 'tensorflow' : 'onnxruntime';
}

/**
 * TensorFlow, if it is to compute the frozen layers, else null. It is not loaded to find that out where there is no GPU,
 * nor set up.
 * @param onNotice told when it was asked for and cannot be had.
 */
export async function tensorFlowForFrozen(
  asked: FrozenRuntime | null,
  few: boolean,
  onNotice: (message: string) => void,
): Promise<TensorFlowRuntime | null> {
  if (asked === 'onnxruntime' || (asked === null && (few || !hasGpu()))) return null;
  const loaded = await loadTensorFlow({ provision: false });
  if (loaded.ok && frozenRuntimeFor(asked, loaded.value, few) === 'tensorflow') return loaded.value;
  if (asked === 'tensorflow') {
    const reason = loaded.ok ? loaded.value.reason : loaded.error;
    const why = reason?.message ?? 'THAW_RUNTIME asks for portable mode.';
    onNotice(`ONNX Runtime computes the frozen layers, as TensorFlow cannot: ${why}`);
  }
  return null;
}

let gpuHere: boolean | undefined;

/** Asked once in a process: the answer takes the driver a moment. */
function hasGpu(): boolean {
  gpuHere ??= nvidiaGpu() !== null;
  return gpuHere;
}
