import { availableParallelism } from 'node:os';

/**
 * How many cores the engine may keep busy: all that this process may use, or THAW_THREADS. ONNX Runtime and TensorFlow,
 * which do not compute at the same time for long, take as many each; decoding takes every second one.
 */
export function coreCount(): number {
  const chosen = Number(process.env['THAW_THREADS'] ?? '');
  return Number.isInteger(chosen) && chosen > 0 ? chosen : availableParallelism();
}

/** Tells TensorFlow before it is loaded; what the user has set himself stays. */
export function limitTensorFlow(): void {
  if (process.env['THAW_THREADS'] === undefined) return;
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(coreCount());
  process.env['TF_NUM_INTEROP_THREADS'] ??= String(coreCount());
}
