import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { RawConfigObject } from './rawModel.ts';

/** Keras 1's names for classes, and Keras 2's. */
const classes: Readonly<Record<string, string>> = {
  Convolution2D: 'Conv2D',
  AtrousConvolution2D: 'Conv2D',
  SeparableConvolution2D: 'SeparableConv2D',
  Deconvolution2D: 'Conv2DTranspose',
};

const mergeModes: Readonly<Record<string, string>> = {
  sum: 'Add',
  mul: 'Multiply',
  ave: 'Average',
  max: 'Maximum',
  concat: 'Concatenate',
};

/** Keras 1's names for settings that only changed their name. */
const renamed: Readonly<Record<string, string>> = {
  border_mode: 'padding',
  subsample: 'strides',
  bias: 'use_bias',
  nb_filter: 'filters',
  output_dim: 'units',
  atrous_rate: 'dilation_rate',
  concat_axis: 'axis',
  p: 'rate',
  sigma: 'stddev',
};

const tells = ['border_mode', 'nb_filter', 'nb_row', 'output_dim', 'subsample', 'dim_ordering', 'p', 'sigma'];

/** Whether a layer is described in the words of Keras 1. */
export function isKeras1(className: string, config: RawConfigObject): boolean {
  if (className === 'Merge' || className in classes) return true;
  if (className === 'BatchNormalization') return 'mode' in config;
  if (className === 'ZeroPadding2D' && isFourSides(config['padding'])) return true;
  return tells.some((word) => word in config);
}

/** Keras 1's Deconvolution2D keeps its kernel as [height, width, in, filters]. */
export function turnsKernel(className: string): boolean {
  return className === 'Deconvolution2D';
}

/** A layer of Keras 1 in the words of Keras 2 (keras/legacy/interfaces.py of Keras 2.0 lists the changes). */
export function fromKeras1(
  className: string,
  config: RawConfigObject,
): { className: string; config: RawConfigObject } {
  const modern: RawConfigObject = {};
  for (const [word, value] of Object.entries(config)) {
    if (word === 'nb_row' || word === 'nb_col' || word === 'dim_ordering' || word === 'mode') continue;
    modern[renamed[word] ?? word] = value;
  }
  const { nb_row: rows, nb_col: columns, dim_ordering: ordering, mode } = config;
  if (rows !== undefined && columns !== undefined) modern['kernel_size'] = [rows, columns];
  if (typeof ordering === 'string' && ordering !== 'default')
    modern['data_format'] = ordering === 'th' ? 'channels_first' : 'channels_last';
  // Other modes normalise by the batch, or each image by itself, also where the model is used.
  if (className === 'BatchNormalization' && typeof mode === 'number' && mode !== 0)
    return { className: `BatchNormalization of mode ${mode}`, config: modern };
  if (className === 'ZeroPadding2D') modern['padding'] = borders(config['padding']);
  if (className === 'Merge' && typeof mode === 'string')
    return { className: mergeModes[mode] ?? `Merge of mode ${mode}`, config: modern };
  return { className: classes[className] ?? className, config: modern };
}

function isFourSides(padding: JsonValue | undefined): padding is JsonValue[] {
  return Array.isArray(padding) && padding.length === 4;
}

/** Keras 1 also takes `[top, bottom, left, right]`. */
function borders(padding: JsonValue | undefined): JsonValue {
  if (!isFourSides(padding)) return padding ?? 1;
  const [top = 0, bottom = 0, left = 0, right = 0] = padding;
  return [
    [top, bottom],
    [left, right],
  ];
}
