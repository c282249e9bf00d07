import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attachHead, forward, inferenceMode } from '../network/index.ts';
import type { NetworkWithHead } from '../network/index.ts';
import type { Architecture } from '../network/architectures/index.ts';
import { openArchitecture } from '../network/architectures/index.ts';
import { openPrefix } from '../training/features/prefix.ts';
import type { Tf } from '../runtime/tf.ts';
import { runJudge } from './judge.ts';

/** The files Keras writes a model's weights to. */
export const kerasFormats = ['model.h5', 'model.weights.h5', 'model.keras'] as const;
export type KerasFormat = (typeof kerasFormats)[number];

/** Square RGB images, one after the other: uint8 [count, imageSize, imageSize, 3]. */
export interface Images {
  readonly imageSize: number;
  readonly count: number;
  readonly pixels: Uint8Array;
}

/** What Keras says of one of its applications with random weights. */
export interface Judged {
  readonly version: string;
  readonly parameters: number;
  readonly layers: number;
  /** Pooled features of each image. */
  readonly features: readonly (readonly number[])[];
}

/**
 * Has Keras build an architecture with random weights and save it, and hands its files and its features over; the files
 * are gone afterwards.
 * @param imagenet builds the graph that Keras builds for its ImageNet weights (another one for EfficientNet).
 */
export async function withKerasFiles<T>(
  architecture: Architecture,
  images: Images,
  formats: readonly KerasFormat[],
  use: (judged: Judged, fileOf: (format: KerasFormat) => string) => Promise<T>,
  imagenet = false,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-application-'));
  try {
    const pixels = path.join(folder, 'pixels');
    await writeFile(pixels, images.pixels);
    const request = path.join(folder, 'request.json');
    await writeFile(
      request,
      JSON.stringify({
        keras: architecture.keras?.function,
        arguments: architecture.keras?.arguments,
        imageSize: images.imageSize,
        pixels,
        count: images.count,
        folder,
        formats,
        imagenet,
        seed: 1,
      }),
    );
    const printed = await runJudge('application_files.py', [request]);
    const judged = JSON.parse(printed.slice(printed.lastIndexOf('\n{') + 1)) as Judged;
    return await use(judged, (format) => path.join(folder, format));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An architecture with the weights of a file, and a head whose input are the pooled features. */
export async function openWithHead(
  architecture: Architecture,
  file: string,
  imageSize: number,
): Promise<NetworkWithHead & { readonly parameters: number; readonly layers: number }> {
  const opened = await openArchitecture(architecture, { weights: file, imageSize });
  if (!opened.ok) throw new Error(`${opened.error.message} ${opened.error.found ?? ''}`);
  const { network, weights } = opened.value;
  const settings = { classes: ['0', '1'], units: [], dropout: 0, seed: 0, imageSize: null };
  const head = attachHead(network, weights, settings);
  if (!head.ok) throw new Error(head.error.message);
  const parameters = network.layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return { ...head.value, parameters, layers: network.layers.length };
}

/** Pooled features as users get them: preprocessing and network in ONNX Runtime. */
export async function featuresByOnnx(
  { network, weights, featureLayer }: NetworkWithHead,
  { preprocess }: Architecture,
  { pixels, count }: Images,
): Promise<Float32Array> {
  const prefix = await openPrefix(network, weights, { frontier: [featureLayer], preprocess });
  if (!prefix.ok) throw new Error(prefix.error.message);
  const each = pixels.length / count;
  const rows: number[] = [];
  for (let index = 0; index < count; index += 1)
    rows.push(...(await prefix.value.run(pixels.slice(index * each, (index + 1) * each), 1)));
  await prefix.value.dispose();
  return Float32Array.from(rows);
}

/** Pooled features by TensorFlow, layer by layer, of pixels that are scaled already. */
export function featuresByTensorFlow(
  tf: Tf,
  { network, weights, featureLayer }: NetworkWithHead,
  scaled: Float32Array,
  { imageSize, count }: Images,
): Float32Array {
  return tf.tidy(() => {
    const variables = new Map<string, Tensor>();
    for (const [key, { data, shape }] of weights) variables.set(key, tf.tensor(data, [...shape]));
    const input = tf.tensor(scaled, [count, imageSize, imageSize, 3]);
    const feeds = new Map([[network.layers[0]?.name ?? '', input]]);
    const [features] = forward(tf, network, variables, feeds, [featureLayer], inferenceMode);
    if (features === undefined) throw new Error('No features were computed');
    return Float32Array.from(features.dataSync());
  });
}

/** The largest difference, relative to the largest value expected. */
export function relativeDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values where ${expected.length} were expected`);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-12);
  const worst = expected.reduce(
    (largest, value, index) => Math.max(largest, Math.abs(value - (actual[index] ?? NaN))),
    0,
  );
  return worst / scale;
}
