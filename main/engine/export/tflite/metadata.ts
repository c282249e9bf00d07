import type { ModelInfo } from '../../project/modelFolder.ts';
import type { Table } from './flatbuffer.ts';
import { encodeFlatbuffer, table } from './flatbuffer.ts';

/** Numbers of TensorFlow Lite's metadata schema, version 1.5 (tflite_support/metadata/metadata_schema.fbs). */
const imageProperties = 2;
const featureProperties = 1;
const rgb = 1;
const normalization = 1;
const axisLabels = 2;

/** What the labels file in the model's zip is called. */
export const labelsFile = 'labels.txt';

/**
 * The metadata that the Task Library reads: an RGB image that needs no scaling (mean 0, deviation 1: that is inside), and
 * probabilities with their labels.
 */
export function tfliteMetadata(info: ModelInfo): Uint8Array {
  const image = tensorMetadata({
    name: 'image',
    description: `RGB image of ${info.imageSize} × ${info.imageSize} pixels, values 0 to 255.`,
    kind: imageProperties,
    properties: table({ 0: { int8: rgb } }),
    range: [0, 255],
    process: [
      table({
        0: { uint8: normalization },
        1: { table: table({ 0: { floats: [0] }, 1: { floats: [1] } }) },
      }),
    ],
  });
  const probabilities = tensorMetadata({
    name: 'probabilities',
    description: 'The probability of each class.',
    kind: featureProperties,
    properties: table({}),
    range: [0, 1],
    files: [
      table({
        0: { text: labelsFile },
        1: { text: 'The classes, in the order of the probabilities.' },
        2: { int8: axisLabels },
      }),
    ],
  });
  const graph = table({ 2: { tables: [image] }, 3: { tables: [probabilities] } });
  const model = table({
    0: { text: 'Image classifier' },
    1: { text: `Classifies images as: ${info.classes.join(', ')}.` },
    3: { tables: [graph] },
    4: { text: 'Thaw' },
    7: { text: '1.0.0' },
  });
  return encodeFlatbuffer(model, 'M001');
}

interface TensorDescription {
  readonly name: string;
  readonly description: string;
  readonly kind: number;
  readonly properties: Table;
  readonly range: readonly [number, number];
  readonly process?: readonly Table[];
  readonly files?: readonly Table[];
}

function tensorMetadata(tensor: TensorDescription): Table {
  const [low, high] = tensor.range;
  return table({
    0: { text: tensor.name },
    1: { text: tensor.description },
    3: { table: table({ 0: { uint8: tensor.kind }, 1: { table: tensor.properties } }) },
    4: tensor.process === undefined ? undefined : { tables: tensor.process },
    5: { table: table({ 0: { floats: [high] }, 1: { floats: [low] } }) },
    6: tensor.files === undefined ? undefined : { tables: tensor.files },
  });
}
