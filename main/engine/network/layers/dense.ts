import { z } from 'zod';
import { err, ok } from '../../../../shared/result.ts';
import { kernelsOf } from '../../runtime/kernels/kernels.ts';
import { activate } from './activation/activations.ts';
import { activationName, singleInput } from './config.ts';
import { layerKind, onlyInput } from './layerKind.ts';

/** Configuration of Dense. */
export const denseConfig = z.object({
  units: z.number().int().positive(),
  activation: activationName,
  use_bias: z.boolean().default(true),
});

/** Keras Dense over the last axis: kernel [in, units]. */
export const dense = layerKind({
  config: denseConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const features = shape.value.at(-1);
    if (features === undefined) return err('takes at least one feature');
    const bias = config.use_bias ? [{ name: 'bias', shape: [config.units] }] : [];
    return ok({
      outputShape: [...shape.value.slice(0, -1), config.units],
      weights: [{ name: 'kernel', shape: [features, config.units] }, ...bias],
    });
  },
  compute(config, call) {
    const { tf } = call;
    const x = onlyInput(call);
    const rows = tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
    const product = tf.reshape(tf.matMul(rows, call.weight('kernel')), [-1, ...call.outputShape]);
    const biased = config.use_bias ? kernelsOf(tf).addBias(product, call.weight('bias')) : product;
    return call.activate ? activate(tf, config.activation, biased) : biased;
  },
});
