import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { WeightArray } from '../../network/index.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { StepDefinition, StepRunner } from './stepDefinition.ts';

/** Runs a definition operation by operation, on any backend. */
export function eagerRunner(tf: Tf, definition: StepDefinition): StepRunner {
  const state = new Map<string, Variable>();
  for (const [key, weight] of definition.state)
    state.set(
      key,
      tf.tidy(() => tf.variable(tensorOf(tf, weight), false)),
    );
  const variableOf = (key: string): Variable => {
    const variable = state.get(key);
    if (variable === undefined) throw new Error(`There is no state ${key}`);
    return variable;
  };
  return {
    kind: 'eager',
    async train(inputs) {
      const [loss, correct] = tf.tidy(() => {
        const outcome = definition.train(tf, state, inputs);
        for (const [key, value] of outcome.updates) {
          const variable = variableOf(key);
          // Assigning a variable its own value would dispose it.
          if (value.dataId !== variable.dataId) variable.assign(value);
        }
        return [outcome.loss, outcome.correct] as const satisfies Tensor[];
      });
      const result = { loss: (await loss.data())[0] ?? NaN, correct: (await correct.data())[0] ?? 0 };
      tf.dispose([loss, correct]);
      return result;
    },
    async evaluate(feeds) {
      const logits = tf.tidy(() => definition.evaluate(tf, state, feeds));
      const values = (await logits.data()) as Float32Array;
      logits.dispose();
      return values;
    },
    async read(keys) {
      const values = new Map<string, WeightArray>();
      for (const key of keys) {
        const variable = variableOf(key);
        const data = Float32Array.from((await variable.data()) as Float32Array);
        values.set(key, { shape: definition.state.get(key)?.shape ?? variable.shape, data });
      }
      return values;
    },
    write(values) {
      for (const [key, { data }] of values)
        tf.tidy(() => {
          const variable = variableOf(key);
          variable.assign(tf.tensor(data.slice(), variable.shape));
        });
    },
    dispose() {
      for (const variable of state.values()) variable.dispose();
    },
  };
}

function tensorOf(tf: Tf, weight: WeightArray): Tensor {
  return tf.tensor(weight.data.slice(), [...weight.shape], 'float32');
}
