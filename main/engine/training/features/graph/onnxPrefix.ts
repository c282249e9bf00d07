import path from 'node:path';
import type { Preprocess } from '../../../../../shared/domain/network.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { GraphProgram, ImportedGraph } from '../../../network/index.ts';
import { channelAxisOf, graphLayerName, OnnxValues, wrapOnnx } from '../../../network/index.ts';
import type { OnnxOutput } from '../../../runtime/onnx/protocol.ts';
import { openOnnxSession } from '../../../runtime/onnx/session.ts';
import type { Prefix } from '../prefix.ts';
import type { GraphPrefixOptions } from './openGraphPrefix.ts';

type Onnx = Extract<GraphProgram, { format: 'ONNX' }>;

/** What else is known of an ONNX model that runs. */
export interface OnnxPrefix extends Prefix {
  /** Of the value for one image, before it is averaged: [1, …]. */
  readonly valueShape: readonly number[];
  /** Where a value of four axes has its channels. */
  readonly channelAxis: 1 | 3;
}

const ends = { input: 'image', output: 'features' };

/** An ONNX model, in ONNX Runtime, scaling and turning of the image inside. Errors: usage, engine-unsupported. */
export async function openOnnxPrefix(
  graph: ImportedGraph,
  program: Onnx,
  preprocess: Preprocess,
  { output: value = graph.featureOutput, threads }: GraphPrefixOptions,
): Promise<Result<OnnxPrefix>> {
  const { model, input } = program;
  const name = path.basename(graph.location);
  const values = model.graph === null ? null : new OnnxValues(model.graph);
  if (values?.has(value) !== true)
    return err(
      thawError('usage', `${name} has no value "${value}".`, {
        expected: `the name of a node's output, such as ${graph.featureOutput}`,
        found: value,
      }),
    );
  if (input.type === 'uint8' && preprocess !== 'none')
    return err(
      thawError('usage', `${name} takes pixels as they are, whole numbers of 0–255.`, {
        expected: 'no --preprocess, or none',
        found: preprocess,
      }),
    );
  const { inputShape } = graph;
  const wrapped = wrapOnnx(model, { input, inputShape, preprocess, inputType: 'uint8', value }, ends);
  const opened = await openOnnxSession(wrapped, threads === undefined ? {} : { threads });
  if (!opened.ok) return doesNotRun(name, opened.error.found ?? opened.error.message);
  const session = opened.value;
  const channelAxis = channelAxisOf(values, value);
  const run = async (pixels: Uint8Array, count: number): Promise<OnnxOutput> => {
    const { [ends.output]: features } = await session.run({
      [ends.input]: { shape: [count, ...inputShape], data: pixels },
    });
    if (features === undefined) throw new Error(`ONNX Runtime gave no ${value}`);
    return features;
  };
  const [height, width, channels] = inputShape;
  const probe = await run(new Uint8Array(height * width * channels), 1).catch((cause: unknown) =>
    cause instanceof Error ? cause : new Error(String(cause)),
  );
  if (probe instanceof Error) {
    await session.dispose();
    return doesNotRun(name, probe.message);
  }
  const features = pooled(probe, channelAxis).length;
  return ok({
    valueShape: probe.shape,
    channelAxis,
    provider: `onnxruntime ${session.provider}`,
    outputs: [{ layer: graphLayerName, shape: [features] }],
    valuesPerImage: features,
    lanes: session.lanes,
    run: async (pixels, count) => pooled(await run(pixels, count), channelAxis),
    dispose: () => session.dispose(),
  });
}

/** Of [count, channels, height, width] or [count, height, width, channels] the mean over the places; else as it is. */
function pooled({ shape, data }: OnnxOutput, channelAxis: 1 | 3): Float32Array {
  if (shape.length !== 4) return data;
  const [count = 1, first = 1, second = 1, third = 1] = shape;
  const [channels, places] = channelAxis === 1 ? [first, second * third] : [third, first * second];
  if (places === 1) return data;
  const [nextPlace, nextChannel] = channelAxis === 1 ? [1, places] : [channels, 1];
  return Float32Array.from({ length: count * channels }, (_, index) => {
    const image = Math.floor(index / channels) * channels * places;
    const start = image + (index % channels) * nextChannel;
    let sum = 0;
    for (let place = 0; place < places; place += 1) sum += data[start + place * nextPlace] ?? 0;
    return sum / places;
  });
}

function doesNotRun(name: string, found: string): Result<never> {
  return err(
    thawError('engine-unsupported', `ONNX Runtime does not run ${name}.`, {
      found: found.replace(/\s+/g, ' ').slice(0, 500),
      remedy: 'Check the model with onnx.checker.check_model, and export it again.',
    }),
  );
}
