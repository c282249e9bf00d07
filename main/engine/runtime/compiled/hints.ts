import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { NativeBackend } from '../addon/binding.ts';
import { isNative } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';

/*
 * What a computation knows of itself and its operations do not tell. Hints change no result: outside a recording they
 * do nothing.
 */

/**
 * Lets a graph compute `tensor` only when `other` is there. For what a gradient computes again rather than keep:
 * TensorFlow would find that it computed the same before, and keep that for so long.
 */
export function computesAfter(tf: Tf, tensor: Tensor, other: Tensor): void {
  const backend: object = tf.backend();
  if (!isNative(backend) || backend.binding.recorder === undefined) return;
  backend.binding.recorder.after(idOf(backend, tensor), idOf(backend, other));
}

/** See InPlaceUpdate. */
export interface UpdateHint {
  readonly name: string;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly variables: readonly { readonly before: Tensor; readonly after: Tensor }[];
  readonly inputs: readonly Tensor[];
}

/**
 * Lets a graph use one operation on float32 variables themselves in place of those that computed their new values.
 * @param describe called within a recording only.
 */
export function updatesInPlace(tf: Tf, describe: () => UpdateHint): void {
  const backend: object = tf.backend();
  if (!isNative(backend) || backend.binding.recorder === undefined) return;
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT, recorder } = backend.binding;
  const { name, flags, variables, inputs } = describe();
  recorder.update({
    name,
    attributes: [
      { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
      ...Object.entries(flags).map(([flag, value]) => ({ name: flag, type: TF_ATTR_BOOL, value })),
    ],
    variables: variables.map(({ before, after }) => ({
      before: idOf(backend, before),
      after: idOf(backend, after),
    })),
    inputs: inputs.map((tensor) => idOf(backend, tensor)),
  });
}

/** The addon's number of a tensor; its values are handed over first if they were not yet. */
export function idOf(backend: NativeBackend, tensor: Tensor): number {
  const [id] = backend.getInputTensorIds([tensor]);
  if (id === undefined) throw new Error('A tensor has no number');
  return id;
}
