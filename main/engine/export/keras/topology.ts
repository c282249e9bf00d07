import type { JsonValue } from '../../../../shared/domain/network.ts';
import type { StandardLayer } from './standardLayers.ts';
import type { StandardModel } from './standardize.ts';

type Json = Record<string, JsonValue>;

/** The configuration of a functional model: layers, connections, input and output, in Keras 2's words. */
export function functionalConfig(
  { name, layers, output }: StandardModel,
  withModules: boolean,
  frozenStatistics = false,
): Json {
  return {
    name: name.replace(/[^A-Za-z0-9_.-]/g, '_'),
    trainable: true,
    layers: layers.map((layer) => layerConfig(layer, withModules, frozenStatistics)),
    input_layers: [['image', 0, 0]],
    output_layers: [[output, 0, 0]],
  };
}

/**
 * Keras 3 reads Keras 2's connections ([layer, node, tensor, arguments]); the reverse is not so.
 * @param frozenStatistics whether batch normalisations are called with training=False, so that a thawed one keeps its
 * stored statistics.
 */
function layerConfig(layer: StandardLayer, withModules: boolean, frozenStatistics: boolean): Json {
  const { name, className, config, inputs, trainable } = layer;
  const call: Json = frozenStatistics && className === 'BatchNormalization' ? { training: false } : {};
  const inbound = inputs.map((input): JsonValue => [input, 0, 0, call]);
  const own = className === 'InputLayer' ? { ...config, name } : { name, trainable, ...config };
  return {
    ...(withModules ? { module: 'keras.layers', registered_name: null } : {}),
    class_name: className,
    config: own,
    name,
    inbound_nodes: inbound.length === 0 ? [] : [inbound],
  };
}
