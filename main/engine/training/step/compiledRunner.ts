import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { ArgumentSpec, Program } from '../../runtime/compiled/compiledProgram.ts';
import { compileProgram } from '../../runtime/compiled/compiledProgram.ts';
import { isOutOfMemory } from '../../runtime/outOfMemory.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { StepDefinition, StepInputs, StepRunner } from './stepDefinition.ts';

/**
 * Runs a definition as one TensorFlow graph. The error is one sentence: why it cannot be compiled.
 * @param batch see compileProgram.
 */
export async function compiledRunner(
  tf: Tf,
  definition: StepDefinition,
  batch: number | null = null,
): Promise<Result<StepRunner, string>> {
  const compiled = await compileProgram(tf, programOf(tf, definition), batch);
  if (!compiled.ok) return err(compiled.error);
  const program = compiled.value;

  let tooLarge = Infinity;

  /** Runs a function on a batch filled up to a size it is compiled for, where that is allowed. */
  const call = async (
    name: 'train' | 'evaluate',
    inputs: Readonly<Record<string, Tensor>>,
    batch: number,
  ): Promise<Record<string, Tensor>> => {
    const mayPad = name === 'evaluate' || !definition.mixesImages;
    const known = program.batchSizes(name).find((one) => one >= batch && one < tooLarge);
    const size = mayPad ? (known ?? batch) : batch;
    const padded = size === batch ? {} : padTo(tf, inputs, batch, size);
    try {
      return await program.call(name, { ...inputs, ...padded });
    } catch (cause) {
      if (isOutOfMemory(cause)) tooLarge = Math.min(tooLarge, size);
      throw cause;
    } finally {
      tf.dispose(padded);
    }
  };

  return ok({
    kind: 'compiled',
    async train(inputs) {
      const outputs = await call('train', namedInputs(inputs), inputs.targets.shape[0] ?? 0);
      const valueOf = async (name: string): Promise<number> => (await outputs[name]?.data())?.[0] ?? NaN;
      const result = { loss: await valueOf('loss'), correct: await valueOf('correct') };
      tf.dispose(outputs);
      return result;
    },
    async evaluate(feeds) {
      const batch = [...feeds.values()][0]?.shape[0] ?? 0;
      const outputs = await call('evaluate', namedFeeds(feeds), batch);
      const values = (await outputs['logits']?.data()) as Float32Array | undefined;
      tf.dispose(outputs);
      if (values === undefined) throw new Error('The graph gave no logits');
      return values.slice(0, batch * definition.classes);
    },
    read: (keys) => Promise.resolve(program.read(keys)),
    write(values) {
      program.write(values);
    },
    dispose() {
      program.dispose();
    },
  });
}

const feedPrefix = 'feed:';
const scalarPrefix = 'scalar:';

function programOf(tf: Tf, definition: StepDefinition): Program {
  const feedSpecs = [...definition.feedShapes].map(
    ([layer, shape]) =>
      [feedPrefix + layer, { shape: ['batch', ...shape], dtype: 'float32' } satisfies ArgumentSpec] as const,
  );
  const scalarSpecs = Object.keys(definition.scalars(1, 0)).map(
    (name) => [scalarPrefix + name, { shape: [], dtype: 'float32' } satisfies ArgumentSpec] as const,
  );
  const feedsIn = (inputs: Readonly<Record<string, Tensor>>): StepInputs['feeds'] =>
    new Map([...definition.feedShapes.keys()].map((layer) => [layer, given(inputs, feedPrefix + layer)]));
  return {
    state: definition.state,
    functions: {
      train: {
        inputs: {
          ...Object.fromEntries(feedSpecs),
          ...Object.fromEntries(scalarSpecs),
          targets: { shape: ['batch', definition.classes], dtype: 'float32' },
          sampleWeights: { shape: ['batch'], dtype: 'float32' },
          seed: { shape: [], dtype: 'int32' },
        },
        run(state, inputs) {
          const scalars = Object.keys(definition.scalars(1, 0)).map(
            (name) => [name, given(inputs, scalarPrefix + name)] as const,
          );
          const { loss, correct, updates } = definition.train(tf, state, {
            feeds: feedsIn(inputs),
            targets: given(inputs, 'targets'),
            sampleWeights: given(inputs, 'sampleWeights'),
            seed: given(inputs, 'seed'),
            scalars: Object.fromEntries(scalars),
          });
          return { outputs: { loss, correct }, updates };
        },
      },
      evaluate: {
        inputs: Object.fromEntries(feedSpecs),
        run: (state, inputs) => ({
          outputs: { logits: definition.evaluate(tf, state, feedsIn(inputs)) },
          updates: new Map(),
        }),
      },
    },
  };
}

function namedFeeds(feeds: StepInputs['feeds']): Record<string, Tensor> {
  return Object.fromEntries([...feeds].map(([layer, tensor]) => [feedPrefix + layer, tensor]));
}

function namedInputs({ feeds, targets, sampleWeights, seed, scalars }: StepInputs): Record<string, Tensor> {
  const named = Object.entries(scalars).map(([name, tensor]) => [scalarPrefix + name, tensor] as const);
  return { ...namedFeeds(feeds), ...Object.fromEntries(named), targets, sampleWeights, seed };
}

/** Rows of zeros behind the batch: in the targets they mark padding. */
function padTo(
  tf: Tf,
  inputs: Readonly<Record<string, Tensor>>,
  batch: number,
  size: number,
): Record<string, Tensor> {
  const grown = Object.entries(inputs).filter(([, { shape }]) => shape.length > 0);
  return Object.fromEntries(
    grown.map(([name, tensor]) => [
      name,
      tf.pad(
        tensor,
        tensor.shape.map((_, axis) => [0, axis === 0 ? size - batch : 0]),
      ),
    ]),
  );
}

function given(inputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = inputs[name];
  if (tensor === undefined) throw new Error(`The step was given no ${name}`);
  return tensor;
}
