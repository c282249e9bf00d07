import { thawError } from '../../../../../shared/errors.ts';
import type { Layer, Network } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { Weights } from '../../weights/weights.ts';
import { weightKey } from '../../weights/weights.ts';
import type { StoredLayer } from './storedWeights.ts';

/** Which stored layer a layer of the network takes its weights from. */
export type Assignment = ReadonlyMap<string, Pick<StoredLayer, 'weights'>>;

/** Looks for every layer's weights and checks their shapes. */
export function match(
  weighted: readonly Layer[],
  find: (layer: Layer) => StoredLayer | undefined,
  source: string,
): Result<Assignment> {
  const assignment = new Map<string, StoredLayer>();
  for (const layer of weighted) {
    const found = find(layer);
    const problem = found === undefined ? noLayer(layer, source) : shapeProblem(layer, found, source);
    if (problem !== null) return problem;
    if (found !== undefined) assignment.set(layer.name, found);
  }
  return ok(assignment);
}

function noLayer(layer: Layer, source: string): Result<never> {
  return err(
    thawError('input-unsupported', `${source} has no weights for layer "${layer.name}".`, {
      expected: `${layer.className}: ${shapesOf(layer.weights)}`,
      found: 'no layer of that name or in that place',
      remedy: 'Name the architecture these weights were saved from with --backbone.',
    }),
  );
}

function shapeProblem(layer: Layer, found: StoredLayer, source: string): Result<never> | null {
  const same =
    found.weights.length === layer.weights.length &&
    layer.weights.every(({ shape }, index) => found.weights[index]?.shape.join() === shape.join());
  if (same) return null;
  return err(
    thawError('input-unsupported', `The weights of ${source} do not fit layer "${layer.name}".`, {
      expected: `${layer.className}: ${shapesOf(layer.weights)}`,
      found: `"${found.name ?? found.path}": ${shapesOf(found.weights)}`,
      remedy: 'Name the architecture these weights were saved from with --backbone.',
    }),
  );
}

function shapesOf(weights: readonly { name: string; shape: readonly number[] }[]): string {
  return weights.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ') || 'no weights';
}

/** Reads what was assigned. */
export async function readAssigned(
  network: Pick<Network, 'layers'>,
  assignment: Assignment,
  source: string,
): Promise<Result<Weights>> {
  const weights: Weights = new Map();
  for (const layer of network.layers) {
    const found = assignment.get(layer.name);
    for (const [index, { name, shape }] of layer.weights.entries()) {
      const values = await found?.weights[index]?.read();
      if (values === undefined) return noLayer(layer, source);
      if (!values.ok) return values;
      weights.set(weightKey(layer.name, name), { shape, data: values.value });
    }
  }
  return ok(weights);
}
