import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { WeightSpec } from '../../../../../shared/domain/network.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { kernelsOf } from '../../../runtime/kernels/kernels.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { singleInput } from '../config.ts';
import type { ChannelScale, LayerCall, Shape } from '../layerKind.ts';
import { layerKind, onlyInput } from '../layerKind.ts';

const axis = z.union([z.number().int(), z.tuple([z.number().int()]).transform(([only]) => only)]).default(-1);

/** Keras counts the batch dimension as axis 0. */
function isLastAxis(value: number, shape: Shape): boolean {
  return value === -1 || value === shape.length;
}

/** Configuration of BatchNormalization. */
export const batchNormalizationConfig = z.object({
  axis,
  momentum: z.number().default(0.99),
  epsilon: z.number().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
});

/**
 * Keras BatchNormalization (1502.03167) over the last axis, with or without gamma (`scale`) and beta (`center`).
 * When it updates: normalises by the batch's mean and biased variance; the moving variance takes the unbiased one
 * for images, as TensorFlow's fused kernel does, and the biased one otherwise.
 */
export const batchNormalization = layerKind({
  config: batchNormalizationConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    if (!isLastAxis(config.axis, shape.value)) return err('normalises over the last axis only');
    const channels = [shape.value.at(-1) ?? 1];
    const weights: WeightSpec[] = [];
    if (config.scale) weights.push({ name: 'gamma', shape: channels });
    if (config.center) weights.push({ name: 'beta', shape: channels });
    weights.push({ name: 'moving_mean', shape: channels }, { name: 'moving_variance', shape: channels });
    return ok({ outputShape: shape.value, weights });
  },
  compute(config, call) {
    const { tf } = call;
    const x = onlyInput(call);
    const gamma = config.scale ? call.weight('gamma') : null;
    const beta = config.center ? call.weight('beta') : null;
    if (call.updateStatistics) return normalizeByBatch(call, x, gamma, beta, config);
    const { scale, shift } = storedScale(tf, call.weight, config);
    const { scaleChannels, addBias } = kernelsOf(tf);
    return addBias(scaleChannels(x, scale), shift);
  },
  channelScale: (config, { tf, weight }) => storedScale(tf, weight, config),
});

/** What the stored statistics do to a channel: x × scale + shift. */
function storedScale(
  tf: Tf,
  weight: LayerCall['weight'],
  config: z.infer<typeof batchNormalizationConfig>,
): ChannelScale {
  const deviation = tf.rsqrt(tf.add(weight('moving_variance'), config.epsilon));
  const scale = config.scale ? tf.mul(weight('gamma'), deviation) : deviation;
  const shift = tf.mul(weight('moving_mean'), scale);
  return { scale, shift: config.center ? tf.sub(weight('beta'), shift) : tf.neg(shift) };
}

function normalizeByBatch(
  call: LayerCall,
  x: Tensor,
  gamma: Tensor | null,
  beta: Tensor | null,
  config: { momentum: number; epsilon: number },
): Tensor {
  const { tf } = call;
  const move = (name: string, batch: Tensor, factor: number): Tensor =>
    tf.add(tf.mul(call.weight(name), config.momentum), tf.mul(batch, factor * (1 - config.momentum)));
  const fused = kernelsOf(tf).normalizeImages;
  if (fused !== null && x.rank === 4) {
    const channels = x.shape.slice(-1);
    const result = fused(
      x as Tensor4D,
      gamma ?? tf.ones(channels),
      beta ?? tf.zeros(channels),
      config.epsilon,
    );
    call.moveStatistics(move('moving_mean', result.mean, 1), move('moving_variance', result.variance, 1));
    return result.value;
  }
  const axes = x.shape.map((_, index) => index).slice(0, -1);
  const mean = tf.mean(x, axes);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), axes);

  const count = axes.reduce((product, dimension) => product * (x.shape[dimension] ?? 1), 1);
  const unbiased = x.rank === 4 ? count / Math.max(count - 1, 1) : 1;
  call.moveStatistics(move('moving_mean', mean, 1), move('moving_variance', variance, unbiased));

  const deviation = tf.rsqrt(tf.add(variance, config.epsilon));
  const scaled = tf.mul(centred, gamma === null ? deviation : tf.mul(gamma, deviation));
  return beta === null ? scaled : tf.add(scaled, beta);
}

const perChannel = z
  .union([z.number().transform((value) => [value]), z.array(z.number())])
  .nullish()
  .transform((value) => value ?? null);

/** Configuration of Normalization. */
export const normalizationConfig = z.object({
  axis,
  mean: perChannel,
  variance: perChannel,
  invert: z.boolean().default(false),
});

/**
 * Keras Normalization: (x − mean) / max(√variance, 1e-7), the statistics from the configuration or as weights; or with
 * `invert` the way back.
 */
export const normalization = layerKind({
  config: normalizationConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    if (!isLastAxis(config.axis, shape.value)) return err('normalises over the last axis only');
    const channels = shape.value.at(-1) ?? 1;
    if (config.mean !== null && config.variance !== null)
      return ok({ outputShape: shape.value, weights: [] });
    // Keras stores how many values were averaged, too.
    return ok({
      outputShape: shape.value,
      weights: [
        { name: 'mean', shape: [channels] },
        { name: 'variance', shape: [channels] },
        { name: 'count', shape: [] },
      ],
    });
  },
  compute(config, call) {
    const { tf } = call;
    const mean = config.mean === null ? call.weight('mean') : tf.tensor1d(config.mean);
    const variance = config.variance === null ? call.weight('variance') : tf.tensor1d(config.variance);
    const deviation = tf.maximum(tf.sqrt(variance), 1e-7);
    if (config.invert) return tf.add(tf.mul(onlyInput(call), deviation), mean);
    return tf.div(tf.sub(onlyInput(call), mean), deviation);
  },
});

/** Configuration of Rescaling. */
export const rescalingConfig = z.object({
  scale: z.union([z.number(), z.array(z.number())]),
  offset: z.union([z.number(), z.array(z.number())]).default(0),
});

/** Keras Rescaling: x × scale + offset. */
export const rescaling = layerKind({
  config: rescalingConfig,
  infer(_, inputs) {
    const shape = singleInput(inputs);
    return shape.ok ? ok({ outputShape: shape.value, weights: [] }) : shape;
  },
  compute(config, call) {
    const { tf } = call;
    const scaled = config.scale === 1 ? onlyInput(call) : tf.mul(onlyInput(call), tf.tensor(config.scale));
    if (config.offset !== 0) return tf.add(scaled, tf.tensor(config.offset));
    return config.scale === 1 ? scaled.clone() : scaled;
  },
});
