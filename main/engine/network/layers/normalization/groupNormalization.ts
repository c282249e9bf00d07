import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { WeightSpec } from '../../../../../shared/domain/network.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { sizeOf } from '../../weights/weights.ts';
import { singleInput } from '../config.ts';
import { layerKind, onlyInput } from '../layerKind.ts';
import { standardized } from './layerNormalization.ts';

/** Configuration of GroupNormalization. */
export const groupNormalizationConfig = z.object({
  /** −1: each channel by itself. */
  groups: z.number().int().default(32),
  axis: z.number().int().default(-1),
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
});

/** How many groups the channels fall into. */
export function groupsOf({ groups }: z.infer<typeof groupNormalizationConfig>, channels: number): number {
  return groups === -1 ? channels : groups;
}

/** Keras GroupNormalization (1803.08494): each image's groups of channels by themselves, over all places. */
export const groupNormalization = layerKind({
  config: groupNormalizationConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    if (config.axis !== -1 && config.axis !== shape.value.length) return err('groups the last axis only');
    const channels = shape.value.at(-1) ?? 1;
    const groups = groupsOf(config, channels);
    if (groups < 1 || channels % groups !== 0)
      return err(`${channels} channels do not fall into ${config.groups} groups`);
    const weights: WeightSpec[] = [];
    if (config.scale) weights.push({ name: 'gamma', shape: [channels] });
    if (config.center) weights.push({ name: 'beta', shape: [channels] });
    return ok({ outputShape: shape.value, weights });
  },
  compute(config, call) {
    const { tf, outputShape } = call;
    const x = onlyInput(call);
    const channels = outputShape.at(-1) ?? 1;
    const groups = groupsOf(config, channels);
    const places = sizeOf(outputShape) / channels;
    const grouped = tf.reshape(x, [-1, places, groups, channels / groups]);
    const value = tf.reshape(standardized(tf, grouped, [1, 3], config.epsilon), [-1, ...outputShape]);
    const scaled: Tensor = config.scale ? tf.mul(value, call.weight('gamma')) : value;
    return config.center ? tf.add(scaled, call.weight('beta')) : scaled;
  },
});

/** Sums of squares below this do not make a vector longer. */
export const leastSquares = 1e-12;

/** Keras UnitNormalization: each place's channels divided by their length. */
export const unitNormalization = layerKind({
  config: z.object({
    axis: z.union([z.number().int(), z.tuple([z.number().int()]).transform(([only]) => only)]).default(-1),
  }),
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    if (config.axis !== -1 && config.axis !== shape.value.length)
      return err('normalises over the last axis only');
    return ok({ outputShape: shape.value, weights: [] });
  },
  compute(_, call) {
    const { tf } = call;
    const x = onlyInput(call);
    const squares = tf.sum(tf.square(x), -1, true);
    return tf.mul(x, tf.rsqrt(tf.maximum(squares, leastSquares)));
  },
});
