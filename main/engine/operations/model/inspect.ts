import type { JsonValue, Layer, Network } from '../../../../shared/domain/network.ts';
import { multiplyAddsByLayer } from '../../../../shared/domain/cost/multiplyAdds.ts';
import { countParameters, thawFrom } from '../../../../shared/domain/freezePlan.ts';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import { dropHead, resolveBackbone } from '../../network/index.ts';
import { findModel } from '../../project/modelFolder.ts';
import { inspectGraph } from './inspectGraph.ts';

/** Describes a model: a bundled backbone by name, a model folder, or a run's model. */
export async function inspectModel(location: string): Promise<Result<ModelReport>> {
  const imported = await resolveBackbone((await findModel(location)) ?? location, { withoutWeights: true });
  if (!imported.ok) return imported;
  const { preprocess, weightsHash } = imported.value;
  if (imported.value.kind === 'graph') return inspectGraph(imported.value);
  const { network } = imported.value;
  const headless = dropHead(network);
  if (!headless.ok) return headless;
  const multiplyAdds = multiplyAddsByLayer(network.layers);
  return ok({
    name: network.name,
    kind: 'layers',
    inputShape: network.inputShape,
    outputShape: network.layers.at(-1)?.outputShape ?? null,
    preprocess,
    parameters: network.layers.reduce((sum, layer) => sum + layer.parameters, 0),
    weightsHash,
    layers: network.layers.map(({ name, className, block, inputs, outputShape, parameters, ...more }) => ({
      trainable: countParameters(network, { trainable: [name], batchNorm: 'inference' }).trainable,
      name,
      type: className,
      block,
      inputs: [...inputs],
      outputShape: [...outputShape],
      config: toldConfig(more.config),
      weights: more.weights.map((weight) => ({ name: weight.name, shape: [...weight.shape] })),
      parameters,
      multiplyAdds: multiplyAdds.get(name) ?? 0,
    })),
    blocks: network.blocks.map(({ name, layers, outputShape, parameters }) => ({
      name,
      layers: layers.length,
      outputShape: [...outputShape],
      parameters,
    })),
    replaced: headless.value.dropped,
    boundaries: boundariesOf(network),
    graph: null,
  });
}

const untold = /^(name|trainable|dtype|batch_input_shape|seed)$|_(initializer|regularizer|constraint)$/;

/** What of a configuration decides a layer's values, once its weights are there. */
function toldConfig(config: Layer['config']): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !untold.test(key)));
}

function boundariesOf(network: Network): ModelReport['boundaries'] {
  return network.blocks.flatMap(({ name, layers }) => {
    const [first] = layers;
    if (first === undefined) return [];
    const trainable = thawFrom(network, first);
    return [
      { block: name, thawFrom: first, ...countParameters(network, { trainable, batchNorm: 'inference' }) },
    ];
  });
}
