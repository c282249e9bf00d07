import type { JsonValue } from '../../../../shared/domain/network.ts';
import type { StandardLayer } from './standardLayers.ts';
import type { StandardModel } from './standardize.ts';

type Json = Record<string, JsonValue>;

/** The configuration of a functional model: layers, connections, input and output, in Keras 2's words. */
export function functionalConfig(
  { name, layers, values, output }: StandardModel,
  withModules: boolean,
  frozenStatistics = false,
): Json {
  const referTo = (value: string): [string, number, number] => {
    const { layer, call } = values.get(value) ?? { layer: value, call: 0 };
    return [layer, call, 0];
  };
  return {
    name: name.replace(/[^A-Za-z0-9_.-]/g, '_'),
    trainable: true,
    layers: layers.map((layer) => layerConfig(layer, referTo, withModules, frozenStatistics)),
    input_layers: [['image', 0, 0]],
    output_layers: [referTo(output)],
  };
}

/**
 * Keras 3 reads Keras 2's connections ([layer, node, tensor, arguments]); the reverse is not so.
 * @param frozenStatistics whether batch normalisations are called with training=False, so that a thawed one keeps its
 * stored statistics.
 */
function layerConfig(
  layer: StandardLayer,
  referTo: (value: string) => [string, number, number],
  withModules: boolean,
  frozenStatistics: boolean,
): Json {
  const { name, className, config, calls, weights, trainable } = layer;
  const call: Json = frozenStatistics && className === 'BatchNormalization' ? { training: false } : {};
  const inbound = calls.map((inputs) => inputs.map((input): JsonValue => [...referTo(input), call]));
  // Not every class of Keras 3 takes `trainable` where there is nothing to train.
  const own = weights.length === 0 ? { ...config, name } : { name, trainable, ...config };
  return {
    ...(withModules ? { module: 'keras.layers', registered_name: null } : {}),
    class_name: className,
    config: own,
    name,
    inbound_nodes: inbound,
  };
}
