import type { ModelInfo } from '../../project/modelFolder.ts';
import { storedZip } from '../common/storedZip.ts';
import type { LoweredGraph } from '../lowering/graph.ts';
import type { TfliteOptions } from './emit.ts';
import { emitTflite } from './emit.ts';
import { labelsFile, tfliteMetadata } from './metadata.ts';
import { TfliteBuilder } from './modelBuilder.ts';

/** Weights as floats: what a model without quantisation is written with. */
export const asFloats = {
  plan: [],
  asWhole: () => {
    throw new Error('A float model has no whole numbers');
  },
} as const satisfies Omit<TfliteOptions, 'storage'>;

/** `model.tflite`, with metadata, and its labels as a zip at the end, where the Task Library looks for them. */
export function tfliteFile(
  graph: LoweredGraph,
  info: ModelInfo,
  options: TfliteOptions,
  dynamicBatch: boolean,
): Buffer {
  const builder = new TfliteBuilder(dynamicBatch);
  const { image, output } = emitTflite(builder, graph, options);
  const model = builder.encode(image, output, tfliteMetadata(info));
  const labels = info.classes.map((name) => `${name}\n`).join('');
  return Buffer.concat([model, storedZip([{ name: labelsFile, data: Buffer.from(labels) }], model.length)]);
}
