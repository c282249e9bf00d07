import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { ImportedGraph } from '../../network/index.ts';
import { graphLayerName } from '../../network/index.ts';
import { openGraphPrefix } from '../../training/features/graph/openGraphPrefix.ts';

const imageName = 'image';

/**
 * Describes a graph as the one frozen layer it is used as. It is run once on a black image, so that what does not run is
 * known before a training; where its runtime is not set up, the length of its features stays unknown.
 * Errors: those of openGraphPrefix, engine-missing apart.
 */
export async function inspectGraph(graph: ImportedGraph): Promise<Result<ModelReport>> {
  const { name, program, inputShape, preprocess, usualPreprocess, parameters, weightsHash } = graph;
  const opened = await openGraphPrefix(graph, preprocess ?? usualPreprocess, {
    threads: 1,
    provision: false,
  });
  if (!opened.ok && opened.error.code !== 'engine-missing') return opened;
  const features = opened.ok ? [opened.value.valuesPerImage] : null;
  if (opened.ok) await opened.value.dispose();
  const common = { trainable: 0, multiplyAdds: 0, block: name, weights: [] };
  const { operations, featureOutput } = graph;
  const outputShape = features ?? [];
  return ok({
    name,
    kind: 'graph',
    inputShape,
    outputShape: features,
    preprocess,
    parameters,
    weightsHash,
    layers: [
      {
        ...common,
        name: imageName,
        type: 'InputLayer',
        inputs: [],
        config: {},
        outputShape: [...inputShape],
        parameters: 0,
      },
      {
        ...common,
        name: graphLayerName,
        type: program.format,
        inputs: [imageName],
        config: { operations, features: featureOutput },
        outputShape,
        parameters,
      },
    ],
    blocks: [{ name, layers: 2, outputShape, parameters }],
    replaced: [],
    boundaries: [],
    graph: {
      format: program.format,
      operations,
      outputs: [...graph.outputs],
      features: featureOutput,
      anySize: graph.anySize,
      usualPreprocess,
    },
  });
}
