import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { err, ok } from '../../../../../shared/result.ts';
import { singleInput } from '../config.ts';
import type { LayerCall } from '../layerKind.ts';
import { layerKind, onlyInput, sameShape } from '../layerKind.ts';

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
