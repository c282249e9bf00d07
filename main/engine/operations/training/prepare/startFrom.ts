import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { WeightArray, Weights } from '../../../network/index.ts';
import { hashWeights, weightKeys } from '../../../network/index.ts';
import { readModel } from '../../../project/modelFolder.ts';
import type { PreparedNetwork } from '../../model/openBackbone.ts';

/** The best weights of a run that has ended; null for no run. Errors: those of readModel. */
export async function weightsOfRun(run: string | null): Promise<Result<Weights | null>> {
  if (run === null) return ok(null);
  const model = await readModel(run);
  return model.ok ? ok(model.value.weights) : model;
}

/**
 * Puts weights of an earlier run, head and backbone, into a network that was prepared alike. Where the backbone's
 * weights change, so does the hash under which its features are cached.
 * Errors: labels-differ when the earlier run had another backbone, other classes or another head.
 */
export function startFrom(prepared: PreparedNetwork, initial: Weights): Result<PreparedNetwork> {
  const headKeys = prepared.network.layers
    .filter(({ name }) => prepared.headLayers.includes(name))
    .flatMap(weightKeys);
  const weights: Weights = new Map(prepared.weights);
  const started: Weights = new Map();
  for (const [key, weight] of initial) {
    const own = weights.get(key);
    if (own === undefined || own.shape.join() !== weight.shape.join())
      return err(doesNotFit(key, own, weight));
    weights.set(key, weight);
    if (headKeys.includes(key) || !isSame(own, weight)) started.set(key, weight);
  }
  const missing = headKeys.find((key) => !initial.has(key));
  if (missing !== undefined) return err(doesNotFit(missing, weights.get(missing), undefined));
  const backbone: Weights = new Map([...weights].filter(([key]) => !headKeys.includes(key)));
  const isBackboneSame = [...started.keys()].every((key) => headKeys.includes(key));
  return ok({
    ...prepared,
    weights,
    started,
    weightsHash: isBackboneSame ? prepared.weightsHash : hashWeights(backbone),
  });
}

function isSame(one: WeightArray, other: WeightArray): boolean {
  return one.data.every((value, index) => Object.is(value, other.data[index]));
}

function doesNotFit(key: string, own: WeightArray | undefined, found: WeightArray | undefined) {
  const text = (weight: WeightArray | undefined): string =>
    weight === undefined ? 'nothing' : weight.shape.join(' × ');
  return thawError('labels-differ', 'The run to continue from has another network or other classes.', {
    expected: `${key}: ${text(own)}`,
    found: text(found),
    remedy: 'Use the backbone, classes and head of that run, or start a new one.',
  });
}
