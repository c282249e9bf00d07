import type { ModelReport } from '../../../shared/ipc/model/report.ts';

type Graph = NonNullable<ModelReport['graph']>;

const spoken: Readonly<Record<Graph['format'], string>> = {
  ONNX: 'An ONNX model',
  GraphModel: 'A TensorFlow.js GraphModel',
  SavedModel: 'A SavedModel without Keras layers',
};

const scalings: Readonly<Record<Graph['usualPreprocess'], string>> = {
  tf: '−1 to 1 (tf)',
  torch: 'by ImageNet’s mean and deviation (torch)',
  caffe: 'less ImageNet’s mean, blue first (caffe)',
  unit: '0 to 1 (unit)',
  none: '0 to 255, scaled inside (none)',
};

/** Texts about a model of operations, which is used as one frozen layer. */
export const frozenModel = {
  explanation: ({ format }: Graph) =>
    `${spoken[format]}: its layers are not known one by one, so it stays frozen as it is. A head is trained on its features.`,
  always: 'always frozen',
  summary: (parameters: string) => `frozen as it is · ${parameters} parameters`,
  title: 'About this model',
  format: 'Format',
  operations: 'Operations',
  features: 'Features are',
  values: (count: string) => `${count} values an image`,
  unknownValues: 'known once it runs: the native runtime is not set up',
  images: 'Images',
  anySize: (side: number) => `any size; ${side} × ${side} unless the settings name another`,
  oneSize: (height: number, width: number) => `${height} × ${width}`,
  scaling: 'Pixels',
  scaledAs: (preprocess: Graph['usualPreprocess']) => scalings[preprocess],
  scalingAssumed: (preprocess: Graph['usualPreprocess']) =>
    `not told; ${scalings[preprocess]} is assumed. The settings of a training can name another.`,
  drop: 'Drop the model to use it as the backbone',
} as const;
