import { ThawFailure } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { FrozenRuntime } from '../../../runtime/frozen/frozenRuntime.ts';
import { askedFrozenRuntime, tensorFlowForFrozen } from '../../../runtime/frozen/frozenRuntime.ts';
import type { FrozenLayers, FrozenPart } from './frozenLayers.ts';
import { openOnnxLayers } from './onnxLayers.ts';
import { openTensorFlowLayers } from './tensorflowLayers.ts';

export interface FrozenOptions {
  /** The runtime to use; else what THAW_FROZEN asks for, else TensorFlow on a GPU and ONNX Runtime otherwise. */
  readonly runtime?: FrozenRuntime;
  /** Whether only a few images come: TensorFlow is not loaded for them unless it is asked for. */
  readonly few?: boolean;
  /** Cores for ONNX Runtime; all when not told. */
  readonly threads?: number;
  /** Told when another runtime than the chosen one computes, and when batches are halved. */
  readonly onNotice?: (message: string) => void;
}

/**
 * Brings frozen layers into the runtime they are to run in. What TensorFlow cannot have, or fails at later on, runs in
 * ONNX Runtime instead. Errors: usage for an unknown THAW_FROZEN; engine-unsupported.
 */
export async function openFrozenLayers(
  part: FrozenPart,
  { runtime, few = false, onNotice = () => undefined, ...options }: FrozenOptions,
): Promise<Result<FrozenLayers>> {
  const asked = runtime === undefined ? askedFrozenRuntime() : ok(runtime);
  if (!asked.ok) return asked;
  const tensorFlow = await tensorFlowForFrozen(asked.value, few, onNotice);
  if (tensorFlow === null) return openOnnxLayers(part, options);
  const opened = await openTensorFlowLayers(tensorFlow, part, onNotice).catch((cause: unknown) =>
    err(reasonOf(cause)),
  );
  if (opened.ok) return ok(withFallback(opened.value, () => openOnnxLayers(part, options), onNotice));
  onNotice(`ONNX Runtime computes the frozen layers, as TensorFlow cannot: ${opened.error}`);
  return openOnnxLayers(part, options);
}

/**
 * Frozen layers that others take over from at the first run that fails, that run included. What they gave before stays:
 * both compute the same within rounding.
 * @param openOther opened once, when needed. @throws ThawFailure when the others cannot be opened.
 */
export function withFallback(
  first: FrozenLayers,
  openOther: () => Promise<Result<FrozenLayers>>,
  onNotice: (message: string) => void,
): FrozenLayers {
  let current = first;
  let changing: Promise<FrozenLayers> | null = null;
  const change = async (cause: unknown): Promise<FrozenLayers> => {
    const other = await openOther();
    if (!other.ok) throw new ThawFailure(other.error);
    onNotice(`ONNX Runtime goes on with the frozen layers, as TensorFlow cannot: ${reasonOf(cause)}`);
    current = other.value;
    await first.dispose();
    return current;
  };
  return {
    get provider() {
      return current.provider;
    },
    device: first.device,
    lanes: first.lanes,
    batchSize: first.batchSize,
    async run(given, count) {
      if (changing !== null) return (await changing).run(given, count);
      try {
        return await first.run(given, count);
      } catch (cause) {
        changing ??= change(cause);
        return (await changing).run(given, count);
      }
    },
    async dispose() {
      await changing?.catch(() => undefined);
      await current.dispose();
    },
  };
}

/** The first line of what TensorFlow says, without its report of allocations. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
