import { createHash } from 'node:crypto';
import type { Network } from '../../../shared/domain/network.ts';

/** A layer as structures are compared: name, class, layers read, output shape without the batch, weights' shapes. */
export type LayerStructure = readonly [
  name: string,
  className: string,
  inputs: readonly string[],
  outputShape: readonly number[],
  weights: readonly (readonly number[])[],
];

/** What the table of Keras's structures holds of one network. */
export interface StructureRow {
  readonly imageSize: number;
  readonly includeTop: boolean;
  readonly parameters: number;
  readonly layers: number;
  /** SHA-256 of every layer's structure, in order. */
  readonly structure: string;
}

/** The table beside this file: by architecture, with and without classifier. */
export type StructureTable = Readonly<Record<string, readonly StructureRow[]>>;

export function structureOf(network: Network): LayerStructure[] {
  return network.layers.map(({ name, className, inputs, outputShape, weights }) => [
    name,
    className,
    inputs,
    outputShape,
    weights.map(({ shape }) => shape),
  ]);
}

/**
 * One line a layer. Operations of TensorFlow, which Keras keeps as TFOpLambda and Thaw as the layer that computes the
 * same, count by their names.
 */
export function structureLines(layers: readonly LayerStructure[]): string[] {
  return layers.map(([name, className, ...rest]) =>
    JSON.stringify([name, name.startsWith('tf.') ? 'operation' : className, ...rest]),
  );
}

export function structureRow(
  layers: readonly LayerStructure[],
  built: Pick<StructureRow, 'imageSize' | 'includeTop'>,
): StructureRow {
  const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
  return {
    ...built,
    parameters: layers.flatMap(([, , , , weights]) => weights).reduce((sum, shape) => sum + size(shape), 0),
    layers: layers.length,
    structure: createHash('sha256').update(structureLines(layers).join('\n')).digest('hex'),
  };
}
