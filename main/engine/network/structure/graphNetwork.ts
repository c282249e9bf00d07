import type { Network } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { buildNetwork } from './buildNetwork.ts';
import type { ImportedGraph } from '../importers/frozen/importedGraph.ts';
import { spokenFormat } from '../importers/frozen/importedGraph.ts';
import { graphFeaturesClass } from '../layers/graphFeatures.ts';

/** The name of the layer that stands for the graph. */
export const graphLayerName = 'graph_features';

/** A graph as a network of two layers, the image and its features, for a head to be put on. */
export function graphAsNetwork(
  name: string,
  inputShape: readonly [number, number, number],
  features: number,
): Result<Network> {
  const input = {
    name: 'image',
    className: 'InputLayer',
    config: { name: 'image', batch_input_shape: [null, ...inputShape], dtype: 'float32' },
    inputs: [],
  };
  const graph = {
    name: graphLayerName,
    className: graphFeaturesClass,
    config: { name: graphLayerName, trainable: false, features },
    inputs: ['image'],
  };
  return buildNetwork(name, [input, graph], graphLayerName);
}

/** Whether a network's features come from a graph. */
export function hasGraph(network: Network): boolean {
  return network.layers.some(({ className }) => className === graphFeaturesClass);
}

/** A graph that is fed images of a size. Errors: usage when it takes another only. */
export function graphOfSize(graph: ImportedGraph, imageSize: number | null): Result<ImportedGraph> {
  const [height, width] = graph.inputShape;
  if (imageSize === null || (imageSize === height && imageSize === width)) return ok(graph);
  if (graph.anySize) return ok({ ...graph, inputShape: [imageSize, imageSize, 3], anySize: false });
  return err(
    thawError('usage', `${graph.name} is ${spokenFormat(graph.program.format)} for images of one size.`, {
      expected: `${height} × ${width} pixels: leave out --image-size`,
      found: `${imageSize}`,
      remedy: 'Export it for images of any size, or use a model whose layers are known.',
    }),
  );
}
