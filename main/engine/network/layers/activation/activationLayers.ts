import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { err, ok } from '../../../../../shared/result.ts';
import { kernelsOf } from '../../../runtime/kernels/kernels.ts';
import { activate } from './activations.ts';
import { activationName, singleInput } from '../config.ts';
import type { LayerCall } from '../layerKind.ts';
import { layerKind, onlyInput, sameShape } from '../layerKind.ts';

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

/** Configuration of ELU. */
export const eluConfig = z.object({ alpha: z.number().default(1) });

/** Keras ELU: alpha × (exp(x) − 1) below zero (1511.07289). */
export const elu = layerKind({
  config: eluConfig,
  infer: sameShape,
  compute({ alpha }, call) {
    const { tf } = call;
    const x = onlyInput(call);
    if (alpha === 1) return tf.elu(x);
    const below = tf.elu(tf.neg(tf.relu(tf.neg(x))));
    return tf.add(tf.relu(x), tf.mul(below, alpha));
  },
});

/** Configuration of PReLU. */
export const preluConfig = z.object({
  shared_axes: z
    .union([
      z
        .number()
        .int()
        .transform((axis) => [axis]),
      z.array(z.number().int()),
    ])
    .nullish()
    .transform((axes) => axes ?? []),
});

/**
 * Keras PReLU: a learnt slope `alpha` below zero (1502.01852), one for each value of the input, or one along the
 * `shared_axes`, which count the batch.
 */
export const prelu = layerKind({
  config: preluConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const alpha = shape.value.map((length, index) => (config.shared_axes.includes(index + 1) ? 1 : length));
    return ok({ outputShape: shape.value, weights: [{ name: 'alpha', shape: alpha }] });
  },
  compute(_, call) {
    const { tf } = call;
    const x = onlyInput(call);
    const below = tf.mul(tf.relu(tf.neg(x)), call.weight('alpha'));
    return tf.sub(kernelsOf(tf).relu(x), below);
  },
});
