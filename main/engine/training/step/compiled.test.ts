import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { isMovingStatistic } from '../../../../shared/domain/network.ts';
import { forward } from '../../network/index.ts';
import { cases } from '../../network/layers/cases/layerCases.ts';
import type { Case } from '../../network/layers/cases/layerCases.ts';
import type { Binding, NativeBackend } from '../../runtime/addon/binding.ts';
import type { ProgramFunction } from '../../runtime/compiled/compiledProgram.ts';
import { compileProgram } from '../../runtime/compiled/compiledProgram.ts';
import { recordAt } from '../../runtime/compiled/recordFunction.ts';
import { shapesOnly } from '../../runtime/compiled/shapes/shapesOnly.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { gradientsOf } from './gradientsOf.ts';

let tf: Tf;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.value.tf;
});

/** Forward, gradients and moving statistics of a case's network. */
function layerFunction({ network, weights, input, probe, training }: Case): ProgramFunction {
  const trained = [...weights.keys()].filter((key) => !isMovingStatistic(key.split('/')[1]!));
  return {
    inputs: {
      x: { shape: ['batch', ...input.shape.slice(1)], dtype: 'float32' },
      probe: { shape: ['batch', ...probe.shape.slice(1)], dtype: 'float32' },
      seed: { shape: [], dtype: 'int32' },
    },
    run(state, given) {
      const kept: Tensor[] = [];
      const statistics = new Map<string, Tensor>();
      const keep = (tensor: Tensor): Tensor => tf.keep(tensor.clone());
      const values = [given['x']!, ...trained.map((key) => state.get(key)!)];
      const { value, gradients } = gradientsOf(tf, values, ([x, ...own]) => {
        const all = new Map([...state, ...trained.map((key, index) => [key, own[index]!] as const)]);
        const [y] = forward(tf, network, all, new Map([['input', x!]]), [network.output], {
          // Dropout drops: what it draws must be the same numbers in the graph.
          training: training || network.layers.some(({ className }) => className.endsWith('Dropout')),
          trainable: new Set(training ? network.layers.map(({ name }) => name) : []),
          batchNorm: 'update',
          dropoutSeed: given['seed']!,
          onMovingStatistics(name, mean, variance) {
            statistics.set(`${name}/moving_mean`, keep(mean));
            statistics.set(`${name}/moving_variance`, keep(variance));
          },
        });
        kept.push(keep(y!));
        return tf.sum(tf.mul(y!, given['probe']!));
      });
      const named = gradients.map((gradient, index) => [`gradient ${index}`, gradient] as const);
      return { outputs: { value, y: kept[0]!, ...Object.fromEntries(named) }, updates: statistics };
    },
  };
}

describe('a layer as part of a graph', () => {
  it.each(cases.map((one) => [one.title, one] as const))(
    '%s: computes what it computes eagerly',
    async (_, one) => {
      const { weights, input, probe } = one;
      const layer = layerFunction(one);
      const backend = tf.backend() as unknown as NativeBackend;
      const recorded = (binding: Binding) => recordAt(tf, backend, layer, weights, 2, binding);
      const shapes = shapesOnly(backend.binding);
      expect(recorded(shapes), 'recorded from shapes alone').toEqual(recorded(backend.binding));
      const program = await compileProgram(tf, { state: weights, functions: { layer } });
      if (!program.ok) throw new Error(program.error);
      // Larger batches than any that was recorded, by repeating the case's two images.
      const given = {
        x: tf.tile(tf.tensor(input.data, input.shape), [4, ...input.shape.slice(1).map(() => 1)]),
        probe: tf.tile(tf.tensor(probe.data, probe.shape), [4, ...probe.shape.slice(1).map(() => 1)]),
        seed: tf.scalar(3, 'int32'),
      };
      const state = new Map([...weights].map(([key, { shape, data }]) => [key, tf.tensor(data, [...shape])]));
      const eager = tf.tidy(() => layer.run(state, given) as never) as ReturnType<ProgramFunction['run']>;
      const compiled = await program.value.call('layer', given);
      expect(Object.keys(compiled).sort()).toEqual(Object.keys(eager.outputs).sort());
      for (const [name, tensor] of Object.entries(eager.outputs)) {
        expect(compiled[name]!.shape, name).toEqual(tensor.shape);
        expectClose(compiled[name]!.dataSync(), tensor.dataSync(), name);
      }
      const after = program.value.read();
      for (const [key, { data }] of weights)
        expectClose(after.get(key)!.data, eager.updates.get(key)?.dataSync() ?? data, key);
      program.value.dispose();
    },
  );
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  const worst = Math.max(0, ...Array.from(expected, (value, index) => Math.abs(value - actual[index]!)));
  expect(worst / scale, what).toBeLessThan(1e-5);
}
