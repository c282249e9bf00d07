import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { err, ok } from '../../../../shared/result.ts';
import type { Result } from '../../../../shared/result.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { Inference, LayerKind, Shape } from './layerKind.ts';
import { layerKind } from './layerKind.ts';

function elementwise(
  combine: (tf: Tf, a: Tensor, b: Tensor) => Tensor,
  finish: (tf: Tf, value: Tensor, inputs: number) => Tensor = (_, value) => value,
  exactly?: number,
): LayerKind {
  return layerKind({
    config: z.object({}),
    infer(_, inputs): Result<Inference, string> {
      if (inputs.length < 2 || (exactly !== undefined && inputs.length !== exactly))
        return err(`takes ${exactly ?? 'at least 2'} inputs, got ${inputs.length}`);
      let shape: Shape = inputs[0] ?? [];
      for (const other of inputs.slice(1)) {
        const both = broadcast(shape, other);
        if (!both.ok) return both;
        shape = both.value;
      }
      return ok({ outputShape: shape, weights: [] });
    },
    compute: (_, { tf, inputs }) =>
      finish(
        tf,
        inputs.reduce((a, b) => combine(tf, a, b)),
        inputs.length,
      ),
  });
}

/** Keras merge layers broadcast dimensions of 1 between inputs of one rank. */
function broadcast(a: Shape, b: Shape): Result<Shape, string> {
  const mismatch = err(`cannot combine [${a.join(', ')}] and [${b.join(', ')}]`);
  if (a.length !== b.length) return mismatch;
  const shape: number[] = [];
  for (const [axis, left] of a.entries()) {
    const right = b[axis] ?? 0;
    if (left !== right && left !== 1 && right !== 1) return mismatch;
    shape.push(left === 1 ? right : left);
  }
  return ok(shape);
}

/** Keras Add. */
export const add = elementwise((tf, a, b) => tf.add(a, b));
/** Keras Subtract. */
export const subtract = elementwise(
  (tf, a, b) => tf.sub(a, b),
  (_, value) => value,
  2,
);
/** Keras Multiply. */
export const multiply = elementwise((tf, a, b) => tf.mul(a, b));
/** Keras Average. */
export const average = elementwise(
  (tf, a, b) => tf.add(a, b),
  (tf, sum, inputs) => tf.div(sum, inputs),
);
/** Keras Maximum. */
export const maximum = elementwise((tf, a, b) => tf.maximum(a, b));

/** Keras Minimum. */
export const minimum = elementwise((tf, a, b) => tf.minimum(a, b));

/** Configuration of Concatenate. */
export const concatenateConfig = z.object({ axis: z.number().int().default(-1) });

/** Keras Concatenate; `axis` counts the batch dimension. */
export const concatenate = layerKind({
  config: concatenateConfig,
  infer(config, inputs) {
    const [first] = inputs;
    if (first === undefined) return err('takes at least one input');
    const axis = config.axis < 0 ? first.length + config.axis : config.axis - 1;
    if (axis < 0 || axis >= first.length) return err(`axis ${config.axis} is outside the input`);
    const fits = inputs.every(
      (shape) =>
        shape.length === first.length &&
        shape.every((length, index) => index === axis || length === first[index]),
    );
    if (!fits) return err(`cannot join ${inputs.map((shape) => `[${shape.join(', ')}]`).join(' and ')}`);
    const length = inputs.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
    return ok({ outputShape: first.with(axis, length), weights: [] });
  },
  compute: (config, { tf, inputs, outputShape }) =>
    tf.concat([...inputs], config.axis < 0 ? outputShape.length + 1 + config.axis : config.axis),
});

/** Configuration of CustomScaleLayer. */
export const scaledSumConfig = z.object({ scale: z.number() });

/**
 * Keras InceptionResNetV2's CustomScaleLayer: the first input plus `scale` times the second. (Keras before 2.13 writes
 * the same sum as a Lambda.)
 */
export const scaledSum = layerKind({
  config: scaledSumConfig,
  infer(_, inputs) {
    const [kept, scaled] = inputs;
    if (inputs.length !== 2 || kept === undefined || kept.join() !== scaled?.join())
      return err('takes two inputs of one shape');
    return ok({ outputShape: kept, weights: [] });
  },
  compute(config, { tf, inputs: [kept, scaled] }) {
    if (kept === undefined || scaled === undefined) throw new Error('A sum was computed without its inputs');
    return tf.add(kept, config.scale === 1 ? scaled : tf.mul(scaled, config.scale));
  },
});
