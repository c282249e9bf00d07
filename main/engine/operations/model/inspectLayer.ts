import { findLayer, ownerOf } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { LayerWeights } from '../../../../shared/ipc/model/layers.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { weightStatistics } from '../../insight/weightStatistics.ts';
import { nearest, requireLayers, resolveBackbone, weightKey } from '../../network/index.ts';
import { findModel } from '../../project/modelFolder.ts';

/**
 * A layer's weights in numbers, of a backbone by name, a model, or a run.
 * Errors: those of resolveBackbone; usage for a layer that is not there; engine-unsupported for a GraphModel, which has
 * none.
 */
export async function inspectLayer(location: string, name: string): Promise<Result<LayerWeights>> {
  const imported = await resolveBackbone((await findModel(location)) ?? location);
  if (!imported.ok) return imported;
  const layers = requireLayers(imported.value);
  if (!layers.ok) return layers;
  const { network, weights } = layers.value;
  const layer = findLayer(network, name);
  if (layer === undefined) {
    const close = nearest(
      name,
      network.layers.map((one) => one.name),
    );
    return err(
      thawError('usage', `${network.name} has no layer "${name}".`, {
        expected: 'the name of one of its layers',
        found: name,
        remedy: close === null ? '`thaw inspect MODEL` lists the layers.' : `Did you mean "${close}"?`,
      }),
    );
  }
  const owner = findLayer(network, ownerOf(layer)) ?? layer;
  return ok({
    model: network.name,
    layer: name,
    type: layer.className,
    sharedWith: layer.sharedWith ?? null,
    weights: owner.weights.map((weight) => {
      const array = weights.get(weightKey(owner.name, weight.name));
      if (array === undefined) throw new Error(`${owner.name} has no ${weight.name}`);
      return weightStatistics(weight.name, array.shape, array.data);
    }),
  });
}
