import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Optimizer } from './optimizer.ts';
import { entryOf } from './optimizer.ts';

/** Weights that Keras and fastai leave out of weight decay: biases, and scales and shifts of normalisations. */
export function decays(key: string): boolean {
  return !/\/(bias|gamma|beta)$/.test(key);
}

/**
 * Decoupled weight decay (Loshchilov and Hutter 2019, 1711.05101): every step first shrinks a weight by
 * learning rate × decay, then updates it, as Keras's `AdamW(weight_decay=…)` with `exclude_from_weight_decay`.
 */
export function withWeightDecay(
  inner: Optimizer,
  decay: number,
  applies: (key: string) => boolean = decays,
): Optimizer {
  if (decay === 0) return inner;
  return {
    ...inner,
    scalars: (step, learningRate) => ({ ...inner.scalars(step, learningRate), decay: learningRate * decay }),
    update(tf, inputs) {
      if (!applies(inputs.key)) return inner.update(tf, inputs);
      const value = tf.sub(inputs.value, tf.mul(inputs.value, entryOf(inputs.scalars, 'decay')));
      return inner.update(tf, { ...inputs, value });
    },
  };
}

/**
 * Learning rates of their own (discriminative fine-tuning, Howard and Ruder 2018, 1801.06146): each variable moves by
 * its factor of what the rule says. For rules whose steps are proportional to the learning rate, that is the factor of
 * the learning rate.
 */
export function withRates(inner: Optimizer, factorOf: (key: string) => number): Optimizer {
  return {
    ...inner,
    update(tf, inputs) {
      const updated = inner.update(tf, inputs);
      const factor = factorOf(inputs.key);
      if (factor === 1) return updated;
      const value = tf.add(inputs.value, tf.mul(tf.sub(updated.value, inputs.value), factor));
      return { ...updated, value };
    },
  };
}

/**
 * L2-SP (Li et al. 2018, 1802.01483, eq. 2): pulls a weight towards its pretrained value, with the gradient
 * strength × (weight − pretrained). A strength of 0 leaves a variable alone.
 * @param pretrainedOf what a variable is pulled to; where it gives null, the value training begins with.
 */
export function withStartingPoint(
  inner: Optimizer,
  strengthOf: (key: string) => number,
  pretrainedOf: (key: string) => Float32Array | null = () => null,
): Optimizer {
  return {
    ...inner,
    slots: [...inner.slots, 'start'],
    initial: (slot, weight, key) =>
      slot === 'start' ? (pretrainedOf(key) ?? weight) : (inner.initial?.(slot, weight, key) ?? null),
    update(tf, inputs) {
      const start = entryOf(inputs.slots, 'start');
      const strength = strengthOf(inputs.key);
      const gradient =
        strength === 0
          ? inputs.gradient
          : tf.add(inputs.gradient, tf.mul(tf.sub(inputs.value, start), strength));
      const updated = inner.update(tf, { ...inputs, gradient });
      return { value: updated.value, slots: { ...updated.slots, start } };
    },
  };
}

/**
 * Adds up the gradients of several steps and updates with their mean in the last of them: the arithmetic of a batch so
 * many times as large, in the memory of one (Keras 3's `gradient_accumulation_steps`).
 */
export function withAccumulation(inner: Optimizer, steps: number): Optimizer {
  if (steps <= 1) return inner;
  return {
    ...inner,
    slots: [...inner.slots, 'sum'],
    scalars: (step, learningRate) => ({
      ...inner.scalars(Math.ceil(step / steps), learningRate),
      due: step % steps === 0 ? 1 : 0,
    }),
    update(tf, inputs) {
      const due = entryOf(inputs.scalars, 'due');
      const sum = tf.add(entryOf(inputs.slots, 'sum'), tf.div(inputs.gradient, steps));
      const updated = inner.update(tf, { ...inputs, gradient: sum });
      const choose = (before: Tensor, after: Tensor): Tensor =>
        tf.add(before, tf.mul(tf.sub(after, before), due));
      const slots = Object.fromEntries(
        inner.slots.map((slot) => [slot, choose(entryOf(inputs.slots, slot), entryOf(updated.slots, slot))]),
      );
      const kept = tf.mul(sum, tf.sub(1, due));
      return { value: choose(inputs.value, updated.value), slots: { ...slots, sum: kept } };
    },
  };
}

/** The slot that holds a variable's moving average, see `withAverage`. */
export const averageSlot = 'average';

/**
 * Keeps an exponential moving average of the weights (Polyak and Juditsky 1992), as Keras's
 * `use_ema=True, ema_momentum=…`: it starts at the weights and is what evaluation and the saved model take.
 */
export function withAverage(inner: Optimizer, momentum: number): Optimizer {
  if (momentum === 0) return inner;
  return {
    ...inner,
    slots: [...inner.slots, averageSlot],
    initial: (slot, weight, key) =>
      slot === averageSlot ? weight : (inner.initial?.(slot, weight, key) ?? null),
    update(tf, inputs) {
      const updated = inner.update(tf, inputs);
      const before = entryOf(inputs.slots, averageSlot);
      const average = tf.add(tf.mul(before, momentum), tf.mul(updated.value, 1 - momentum));
      return { value: updated.value, slots: { ...updated.slots, [averageSlot]: average } };
    },
  };
}
