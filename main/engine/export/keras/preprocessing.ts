import type { Preprocess } from '../../../../shared/domain/network.ts';
import { unreachable } from '../../../../shared/errors.ts';
import { frozenNormalization } from './normalizations.ts';
import type { Dialect, StandardBuilder, StandardConfig, StandardWeight } from './standardLayers.ts';

const torchMean = [0.485, 0.456, 0.406];
const torchDeviation = [0.229, 0.224, 0.225];
const caffeMean = [103.939, 116.779, 123.68];

/** Adds the layers that scale 0–255 as the backbone wants it, not trainable; returns the last one's name. */
export function addPreprocess(
  builder: StandardBuilder,
  dialect: Dialect,
  mode: Preprocess,
  image: string,
): string {
  const add = (
    name: string,
    className: string,
    config: StandardConfig,
    input: string,
    weights: StandardWeight[] = [],
  ): string =>
    builder.add({ name: builder.free(name), className, config, weights, trainable: false }, [input]);
  switch (mode) {
    case 'none':
      return image;
    case 'unit':
      return add('preprocess', 'Rescaling', { scale: 1 / 255, offset: 0 }, image);
    case 'tf':
      return add('preprocess', 'Rescaling', { scale: 1 / 127.5, offset: -1 }, image);
    case 'torch': {
      const unit = add('preprocess_unit', 'Rescaling', { scale: 1 / 255, offset: 0 }, image);
      const variance = torchDeviation.map((value) => value * value);
      if (dialect === 'keras')
        return add('preprocess', 'Normalization', { axis: -1, mean: torchMean, variance }, unit);
      const { config, weights } = frozenNormalization(torchMean, variance);
      return add('preprocess', 'BatchNormalization', config, unit, weights);
    }
    case 'caffe': {
      // A convolution of one pixel puts blue first.
      const swap = Float32Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0);
      const bias = Float32Array.from(caffeMean, (value) => -value);
      const weights = [
        { name: 'kernel', value: { shape: [1, 1, 3, 3], data: swap } },
        { name: 'bias', value: { shape: [3], data: bias } },
      ];
      const config = { filters: 3, kernel_size: [1, 1], use_bias: true, activation: 'linear' };
      return add('preprocess', 'Conv2D', config, image, weights);
    }
    default:
      return unreachable(mode);
  }
}
