import type { JsonValue } from '../../../../shared/domain/network.ts';
import { concatenateConfig } from '../../network/layers/merging.ts';
import { globalConfig, windowConfig } from '../../network/layers/pooling.ts';
import {
  cropping2dConfig,
  permuteConfig,
  repeatVectorConfig,
  zeroPadding2dConfig,
} from '../../network/layers/shaping.ts';
import type { Rewrite, Rewriting } from './standardLayers.ts';

const format = { data_format: 'channels_last' } as const;

export const pooling: Rewrite = ({ layer, last, input }) => {
  const { pool_size, strides, padding } = windowConfig.parse(layer.config);
  const config = { pool_size: [...pool_size], strides: [...strides], padding, ...format };
  last(layer.className, config, [input()]);
  return null;
};

/** TensorFlow.js's global poolings drop the axes; a reshape puts them back. */
export const globalPooling: Rewrite = ({ dialect, layer, step, last, input }) => {
  const { keepdims } = globalConfig.parse(layer.config);
  if (dialect === 'keras') last(layer.className, { ...format, keepdims }, [input()]);
  else if (!keepdims) last(layer.className, format, [input()]);
  else last('Reshape', { target_shape: [...layer.outputShape] }, [step(layer.className, format, [input()])]);
  return null;
};

export const merge: Rewrite = (rewriting) => {
  rewriting.last(rewriting.layer.className, {}, allInputs(rewriting));
  return null;
};

/** TensorFlow.js has no Subtract. */
export const subtract: Rewrite = ({ dialect, step, last, input }) => {
  if (dialect === 'keras') last('Subtract', {}, [input(0), input(1)]);
  else last('Add', {}, [input(0), step('Rescaling', { scale: -1, offset: 0 }, [input(1)])]);
  return null;
};

export const concatenate: Rewrite = (rewriting) => {
  const { layer, last } = rewriting;
  const { axis } = concatenateConfig.parse(layer.config);
  last('Concatenate', { axis: axis < 0 ? layer.outputShape.length + 1 + axis : axis }, allInputs(rewriting));
  return null;
};

export const flatten: Rewrite = ({ last, input }) => {
  last('Flatten', format, [input()]);
  return null;
};

export const reshape: Rewrite = ({ layer, last, input }) => {
  last('Reshape', { target_shape: [...layer.outputShape] }, [input()]);
  return null;
};

export const permute: Rewrite = ({ layer, last, input }) => {
  last('Permute', { dims: permuteConfig.parse(layer.config).dims }, [input()]);
  return null;
};

export const zeroPadding: Rewrite = ({ layer, last, input }) => {
  const { padding } = zeroPadding2dConfig.parse(layer.config);
  last('ZeroPadding2D', { padding: padding.map((pair) => [...pair]), ...format }, [input()]);
  return null;
};

export const cropping: Rewrite = ({ layer, last, input }) => {
  const { cropping: sides } = cropping2dConfig.parse(layer.config);
  last('Cropping2D', { cropping: sides.map((pair) => [...pair]), ...format }, [input()]);
  return null;
};

export const repeatVector: Rewrite = ({ layer, last, input }) => {
  last('RepeatVector', { n: repeatVectorConfig.parse(layer.config).n }, [input()]);
  return null;
};

export const softmax: Rewrite = ({ last, input }) => {
  last('Softmax', { axis: -1 }, [input()]);
  return null;
};

export const dropout: Rewrite = ({ layer, last, input }) => {
  const { rate, noise_shape } = layer.config;
  last('Dropout', { rate: rate ?? 0, ...(noise_shape ? { noise_shape } : {}) }, [input()]);
  return null;
};

/** Drops whole channels, which TensorFlow.js's Dropout does when one draw counts for all pixels. */
export const spatialDropout: Rewrite = ({ dialect, layer, last, input }) => {
  const rate = layer.config['rate'] ?? 0;
  const noise: JsonValue = [null, 1, 1, layer.outputShape.at(-1) ?? null];
  if (dialect === 'keras') last('SpatialDropout2D', { rate, ...format }, [input()]);
  else last('Dropout', { rate, noise_shape: noise }, [input()]);
  return null;
};

/** Drops whole images of a residual branch (1603.09382): a Dropout with one draw for each image. */
export const stochasticDepth: Rewrite = ({ layer, last, input }) => {
  const noise: JsonValue = [null, ...layer.outputShape.map(() => 1)];
  last('Dropout', { rate: layer.config['drop_path_rate'] ?? 0, noise_shape: noise }, [input()]);
  return null;
};

function allInputs({ layer, input }: Rewriting): string[] {
  return layer.inputs.map((_, index) => input(index));
}
