import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { WeightSpec } from '../../../../shared/domain/network.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { Tf } from '../../runtime/tf.ts';
import { singleInput } from './config.ts';
import { layerKind, onlyInput } from './layerKind.ts';

/** Configuration of LayerNormalization. */
export const layerNormalizationConfig = z.object({
  axis: z.union([z.number().int(), z.array(z.number().int()).nonempty()]).default(-1),
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
});

/** Keras LayerNormalization (1607.06450) over the last axis, with or without gamma (`scale`) and beta (`center`). */
export const layerNormalization = layerKind({
  config: layerNormalizationConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const axes = typeof config.axis === 'number' ? [config.axis] : config.axis;
    if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== shape.value.length))
      return err('normalises over the last axis only');
    const channels = [shape.value.at(-1) ?? 1];
    const weights: WeightSpec[] = [];
    if (config.scale) weights.push({ name: 'gamma', shape: channels });
    if (config.center) weights.push({ name: 'beta', shape: channels });
    return ok({ outputShape: shape.value, weights });
  },
  compute(config, call) {
    const { tf } = call;
    const normalized = normalize(tf, onlyInput(call), config.epsilon);
    const scaled = config.scale ? tf.mul(normalized, call.weight('gamma')) : normalized;
    return config.center ? tf.add(scaled, call.weight('beta')) : scaled;
  },
});

/**
 * (x − mean) / √(variance + epsilon) over the last axis. The gradient, with x̂ for the value, is
 * (dy − mean(dy) − x̂ mean(dy x̂)) / √(variance + epsilon): half the operations that following each step back takes.
 */
function normalize(tf: Tf, input: Tensor, epsilon: number): Tensor {
  const normalization = tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const reciprocal = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const value = tf.mul(centred, reciprocal);
    save([value, reciprocal]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [normalized, scale] = saved as [Tensor, Tensor];
        const along = tf.mul(normalized, tf.mean(tf.mul(dy, normalized), -1, true));
        return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along), scale);
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
