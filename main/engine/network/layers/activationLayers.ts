import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { err, ok } from '../../../../shared/result.ts';
import type { Result } from '../../../../shared/result.ts';
import { kernelsOf } from '../../runtime/kernels/kernels.ts';
import { activate } from './activations.ts';
import { activationName, singleInput } from './config.ts';
import type { Inference, LayerCall, Shape } from './layerKind.ts';
import { layerKind, onlyInput } from './layerKind.ts';

function sameShape(_: unknown, inputs: readonly Shape[]): Result<Inference, string> {
  const shape = singleInput(inputs);
  return shape.ok ? ok({ outputShape: shape.value, weights: [] }) : shape;
}

/** Configuration of Activation. */
export const activationConfig = z.object({ activation: activationName });

/** Keras Activation. */
export const activation = layerKind({
  config: activationConfig,
  infer: sameShape,
  compute: (config, call) =>
    call.activate ? activate(call.tf, config.activation, onlyInput(call)) : onlyInput(call).clone(),
});

/** Keras Softmax over the last axis. */
export const softmax = layerKind({
  config: z.object({
    axis: z.union([z.number().int(), z.tuple([z.number().int()]).transform(([only]) => only)]).default(-1),
  }),
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    if (config.axis !== -1 && config.axis !== shape.value.length)
      return err(`softmax over axis ${config.axis} is not supported, only over the last`);
    return ok({ outputShape: shape.value, weights: [] });
  },
  compute: (_, call) => (call.activate ? call.tf.softmax(onlyInput(call)) : onlyInput(call).clone()),
});

/** Configuration of ReLU. */
export const reluConfig = z.object({
  max_value: z.number().min(0).nullish(),
  negative_slope: z.number().nullish(),
  threshold: z.number().nullish(),
});

/** Keras ReLU: max_value above, negative_slope × (x − threshold) below the threshold. */
export const relu = layerKind({
  config: reluConfig,
  infer: sameShape,
  compute: (config, call) =>
    boundedRelu(call, config.max_value ?? null, config.negative_slope ?? 0, config.threshold ?? 0),
});

function boundedRelu(call: LayerCall, maximum: number | null, slope: number, threshold: number): Tensor {
  const { tf } = call;
  const x = onlyInput(call);
  if (slope === 0 && threshold === 0) {
    if (maximum === null) return kernelsOf(tf).relu(x);
    if (maximum === 6) return kernelsOf(tf).relu6(x);
    return tf.clipByValue(x, 0, maximum);
  }
  const above = tf.where(tf.greaterEqual(x, threshold), x, tf.zerosLike(x));
  const bounded = maximum === null ? above : tf.minimum(above, maximum);
  if (slope === 0) return bounded;
  return tf.sub(bounded, tf.mul(tf.relu(tf.sub(threshold, x)), slope));
}

/** Configuration of LeakyReLU. */
export const leakyReluConfig = z.object({
  alpha: z.number().optional(),
  negative_slope: z.number().optional(),
});

/** Keras LeakyReLU: alpha × x below zero (`alpha` in Keras 2, `negative_slope` in files of later writers). */
export const leakyRelu = layerKind({
  config: leakyReluConfig,
  infer: sameShape,
  compute: (config, call) => call.tf.leakyRelu(onlyInput(call), config.alpha ?? config.negative_slope ?? 0.3),
});

const rate = z.number().min(0).lt(1);

/** 1 / (1 − rate) for what stays, 0 for what is dropped. */
function dropoutMask(call: LayerCall, share: number, shape: readonly number[]): Tensor {
  const stays = call.tf.greaterEqual(call.uniform(shape), share);
  return call.tf.mul(call.tf.cast(stays, 'float32'), 1 / (1 - share));
}

/**
 * Keras Dropout (inverted): drops only in training, one mask per call from the caller's seed. A `noise_shape` of
 * [null, 1, 1, 1] drops whole images of a residual branch (1603.09382).
 */
export const dropout = layerKind({
  config: z.object({ rate, noise_shape: z.array(z.number().int().positive().nullable()).nullish() }),
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const noise = config.noise_shape ?? null;
    const fits = [null, ...shape.value].map((length, axis) =>
      [null, 1, length].includes(noise?.[axis] ?? null),
    );
    if (noise !== null && (noise.length !== fits.length || fits.includes(false)))
      return err(`noise_shape [${noise.join(', ')}] does not fit [batch, ${shape.value.join(', ')}]`);
    return ok({ outputShape: shape.value, weights: [] });
  },
  compute(config, call) {
    const x = onlyInput(call);
    if (!call.training || config.rate === 0) return x.clone();
    const noise = config.noise_shape ?? [];
    const maskShape = x.shape.map((length, axis) => noise[axis] ?? length);
    return call.tf.mul(x, dropoutMask(call, config.rate, maskShape));
  },
});

/** Keras SpatialDropout2D: drops whole channels. */
export const spatialDropout2d = layerKind({
  config: z.object({ rate }),
  infer: sameShape,
  compute(config, call) {
    const x = onlyInput(call);
    if (!call.training || config.rate === 0) return x.clone();
    const [batch, , , channels] = x.shape;
    return call.tf.mul(x, dropoutMask(call, config.rate, [batch ?? 1, 1, 1, channels ?? 1]));
  },
});

/** Keras ConvNeXt's StochasticDepth (1603.09382): in training, drops whole images of a residual branch. */
export const stochasticDepth = layerKind({
  config: z.object({ drop_path_rate: rate }),
  infer: sameShape,
  compute(config, call) {
    const x = onlyInput(call);
    if (!call.training || config.drop_path_rate === 0) return x.clone();
    const maskShape = x.shape.map((length, axis) => (axis === 0 ? length : 1));
    return call.tf.mul(x, dropoutMask(call, config.drop_path_rate, maskShape));
  },
});
