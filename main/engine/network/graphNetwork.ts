import type { Network } from '../../../shared/domain/network.ts';
import type { Result } from '../../../shared/result.ts';
import { buildNetwork } from './buildNetwork.ts';
import { graphFeaturesClass } from './layers/graphFeatures.ts';

/** The name of the layer that stands for the graph. */
export const graphLayerName = 'graph_features';

/** A GraphModel as a network of two layers, the image and its features, for a head to be put on. */
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

/** Whether a network's features come from a GraphModel. */
export function hasGraph(network: Network): boolean {
  return network.layers.some(({ className }) => className === graphFeaturesClass);
}
