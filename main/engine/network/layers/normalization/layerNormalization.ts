import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { WeightSpec } from '../../../../../shared/domain/network.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { singleInput } from '../config.ts';
import { layerKind, onlyInput } from '../layerKind.ts';

/** Configuration of LayerNormalization. */
export const layerNormalizationConfig = z.object({
  axis: z.union([z.number().int(), z.array(z.number().int()).nonempty()]).default(-1),
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
  /** Of Keras 3: without the mean. */
  rms_scaling: z.boolean().optional(),
});

/** How many of the last axes are normalised together; null when they are not the last ones. */
export function normalizedAxes(
  { axis }: z.infer<typeof layerNormalizationConfig>,
  rank: number,
): number | null {
  const counted = (typeof axis === 'number' ? [axis] : axis).map((one) => (one < 0 ? rank + 1 + one : one));
  const axes = [...counted].sort((a, b) => a - b);
  const last = axes.every((one, index) => one === rank + 1 - axes.length + index);
  return last && axes.length <= rank ? axes.length : null;
}

/**
 * Keras LayerNormalization (1607.06450) over the last axis, or the last ones together, with or without gamma (`scale`)
 * and beta (`center`).
 */
export const layerNormalization = layerKind({
  config: layerNormalizationConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    if (config.rms_scaling === true) return err('rms_scaling is not supported');
    const axes = normalizedAxes(config, shape.value.length);
    if (axes === null) return err('normalises over the last axes only');
    const own = shape.value.slice(-axes);
    const weights: WeightSpec[] = [];
    if (config.scale) weights.push({ name: 'gamma', shape: own });
    if (config.center) weights.push({ name: 'beta', shape: own });
    return ok({ outputShape: shape.value, weights });
  },
  compute(config, call) {
    const { tf, outputShape } = call;
    const count = normalizedAxes(config, outputShape.length) ?? 1;
    const axes = Array.from({ length: count }, (_, index) => index - count);
    const normalized = standardized(tf, onlyInput(call), axes, config.epsilon);
    const scaled = config.scale ? tf.mul(normalized, call.weight('gamma')) : normalized;
    return config.center ? tf.add(scaled, call.weight('beta')) : scaled;
  },
});

/**
 * (x − mean) / √(variance + epsilon) over the axes. The gradient, with x̂ for the value, is
 * (dy − mean(dy) − x̂ mean(dy x̂)) / √(variance + epsilon): half the operations that following each step back takes.
 */
export function standardized(tf: Tf, input: Tensor, axes: number[], epsilon: number): Tensor {
  const normalization = tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const centred = tf.sub(x, tf.mean(x, axes, true));
    const reciprocal = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon));
    const value = tf.mul(centred, reciprocal);
    save([value, reciprocal]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [normalized, scale] = saved as [Tensor, Tensor];
        const along = tf.mul(normalized, tf.mean(tf.mul(dy, normalized), axes, true));
        return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, axes, true)), along), scale);
      },
    };
  });
  return normalization(input);
}

/** Configuration of LayerScale. */
export const layerScaleConfig = z.object({ projection_dim: z.number().int().positive() });

/** Keras ConvNeXt's LayerScale (2103.17239): a learnt factor for each channel. */
export const layerScale = layerKind({
  config: layerScaleConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const { projection_dim: channels } = config;
    if (shape.value.at(-1) !== channels)
      return err(`scales ${channels} channels, got [${shape.value.join(', ')}]`);
    return ok({ outputShape: shape.value, weights: [{ name: 'gamma', shape: [channels] }] });
  },
  compute: (_, call) => call.tf.mul(onlyInput(call), call.weight('gamma')),
});
