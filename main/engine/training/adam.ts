import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../runtime/tf.ts';

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** Both moments of every variable, by variable key, and the number of steps taken. */
export interface AdamState {
  readonly step: number;
  readonly moments: ReadonlyMap<string, { readonly first: Float32Array; readonly second: Float32Array }>;
}

/**
 * Adam (Kingma and Ba 2015, 1412.6980, algorithm 1 with the learning rate corrected for bias as in section 2), with
 * the arithmetic and defaults of Keras 2.15's `keras.optimizers.Adam`: epsilon 1e-7, added outside the corrected root.
 */
export class Adam {
  readonly #tf: Tf;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #first = new Map<string, Variable>();
  readonly #second = new Map<string, Variable>();
  readonly #options: Required<AdamOptions>;
  #step = 0;

  /** @param variables what it trains, by key; their tensors are updated in place. */
  constructor(tf: Tf, variables: ReadonlyMap<string, Variable>, options: AdamOptions = {}) {
    this.#tf = tf;
    this.#variables = variables;
    this.#options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, ...options };
    for (const [key, variable] of variables) {
      this.#first.set(key, zerosLike(tf, variable));
      this.#second.set(key, zerosLike(tf, variable));
    }
  }

  /** One update; `gradients` has the keys of the variables. */
  apply(gradients: ReadonlyMap<string, Tensor>, learningRate: number): void {
    const tf = this.#tf;
    const { beta1, beta2, epsilon } = this.#options;
    this.#step += 1;
    const rate = (learningRate * Math.sqrt(1 - beta2 ** this.#step)) / (1 - beta1 ** this.#step);
    for (const [key, variable] of this.#variables) {
      const gradient = gradients.get(key);
      const first = this.#first.get(key);
      const second = this.#second.get(key);
      if (!gradient || !first || !second) throw new Error(`Adam got no gradient for ${key}`);
      tf.tidy(() => {
        first.assign(tf.add(first, tf.mul(tf.sub(gradient, first), 1 - beta1)));
        second.assign(tf.add(second, tf.mul(tf.sub(tf.square(gradient), second), 1 - beta2)));
        const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon));
        variable.assign(tf.sub(variable, change));
      });
    }
  }

  async state(): Promise<AdamState> {
    const moments = new Map<string, { first: Float32Array; second: Float32Array }>();
    for (const key of this.#variables.keys()) {
      const first = await valuesOf(this.#first.get(key));
      const second = await valuesOf(this.#second.get(key));
      moments.set(key, { first, second });
    }
    return { step: this.#step, moments };
  }

  /** Goes on from a state taken by `state` over the same variables. */
  restore(state: AdamState): void {
    this.#step = state.step;
    for (const [key, variable] of this.#variables) {
      const moments = state.moments.get(key);
      if (!moments) throw new Error(`The optimizer state has nothing for ${key}`);
      assignValues(this.#tf, this.#first.get(key), moments.first, variable.shape);
      assignValues(this.#tf, this.#second.get(key), moments.second, variable.shape);
    }
  }

  dispose(): void {
    for (const variable of [...this.#first.values(), ...this.#second.values()]) variable.dispose();
  }
}

function zerosLike(tf: Tf, variable: Variable): Variable {
  return tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
}

async function valuesOf(variable: Variable | undefined): Promise<Float32Array> {
  if (!variable) throw new Error('Adam lost a moment');
  return Float32Array.from((await variable.data()) as Float32Array);
}

function assignValues(tf: Tf, variable: Variable | undefined, values: Float32Array, shape: number[]): void {
  tf.tidy(() => variable?.assign(tf.tensor(values.slice(), shape)));
}
