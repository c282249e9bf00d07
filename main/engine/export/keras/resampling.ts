import type { AxisMap } from '../../network/layers/resampling/interpolation.ts';
import { isIdentity, matrixOf } from '../../network/layers/resampling/interpolation.ts';
import {
  cropConfig,
  resamplingOf,
  resizingConfig,
  upSampling2dConfig,
} from '../../network/layers/resampling/resampling.ts';
import type { Rewrite, Rewriting } from './standardLayers.ts';

const format = { data_format: 'channels_last' } as const;

/** UpSampling2D, Resizing, CenterCrop and RandomCrop. */
export const resampling: Rewrite = (rewriting) => {
  const { dialect, layer, last, input } = rewriting;
  if (layer.className === 'UpSampling2D') {
    const { size, interpolation } = upSampling2dConfig.parse(layer.config);
    if (dialect === 'tfjs' && interpolation !== 'nearest') return byMatrices(rewriting);
    last('UpSampling2D', { size: [...size], interpolation, ...format }, [input()]);
    return null;
  }
  if (dialect === 'tfjs') return byMatrices(rewriting);
  if (layer.className === 'Resizing') {
    const { height, width, interpolation, crop_to_aspect_ratio } = resizingConfig.parse(layer.config);
    last('Resizing', { height, width, interpolation, crop_to_aspect_ratio }, [input()]);
    return null;
  }
  const { height, width } = cropConfig.parse(layer.config);
  if (layer.className === 'CenterCrop') last('CenterCrop', { height, width }, [input()]);
  // In training it would crop at random; here it resizes as it does outside.
  else last('Resizing', { height, width, interpolation: 'bilinear', crop_to_aspect_ratio: true }, [input()]);
  return null;
};

/** TensorFlow.js puts the pixels elsewhere: rows and columns take the channels' place in turn, for a Dense each. */
function byMatrices({ layer, step, last, input, inputShape }: Rewriting): null {
  const { rows, columns } = resamplingOf(layer, inputShape());
  const along = (map: AxisMap, there: number[], back: number[]) => (x: string) => {
    const turned = step('Permute', { dims: there }, [x]);
    const config = { units: map.to, use_bias: false, activation: 'linear' };
    const mixed = step('Dense', config, [turned], [{ name: 'kernel', value: matrixOf(map) }]);
    return step('Permute', { dims: back }, [mixed]);
  };
  let x = input();
  if (!isIdentity(rows)) x = along(rows, [2, 3, 1], [3, 1, 2])(x);
  if (!isIdentity(columns)) x = along(columns, [1, 3, 2], [1, 3, 2])(x);
  last('Activation', { activation: 'linear' }, [x]);
  return null;
}
