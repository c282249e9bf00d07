import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { LayerSpec } from '../../structure/buildNetwork.ts';
import type { Weights } from '../../weights/weights.ts';
import { flattenFunctional } from './functional.ts';
import { isKeras3 } from './keras3.ts';
import type { LayerOrigin } from './leaves.ts';
import { Leaves } from './leaves.ts';
import type { RawLayer } from './rawModel.ts';
import { isFunctional, isSequential, layersOf, nameOf, rawLayer, unusable } from './rawModel.ts';
import { flattenSequential } from './sequential.ts';

/** A model of any Keras version as one list of layers in the words of Keras 2. */
export interface FlatTopology {
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly output: string;
  /** Where each layer with weights of its own was in the model. */
  readonly origins: ReadonlyMap<string, LayerOrigin>;
  /** Weights that the topology itself states. */
  readonly constants: Weights;
  /** What was left out, for the user. */
  readonly notices: readonly string[];
}

/**
 * Flattens a Keras model configuration (`model_config` of an `.h5`, `config.json` of a `.keras`, `modelTopology` of
 * TensorFlow.js): Sequential and functional models of Keras 1, 2 and 3, nested to any depth. A layer of a nested model
 * whose name is taken gets the model's name before it; a layer called twice becomes two that share one set of weights.
 * Errors: engine-unsupported naming the layer and its class; input-refused for a Lambda layer.
 */
export function flattenTopology(topology: JsonValue, source: string): Result<FlatTopology> {
  const inner =
    typeof topology === 'object' && topology !== null && !Array.isArray(topology)
      ? (topology['model_config'] ?? topology)
      : topology;
  const root = rawLayer.safeParse(inner);
  if (!root.success) return unusable(source, 'it holds no Keras model configuration');
  const listed = layersOf(root.data, source);
  const leaves = new Leaves(source, listed.ok && isKeras3(listed.value));
  const outputs = flattenModel(root.data, null, [], '', leaves);
  if (!outputs.ok) return outputs;
  const [output] = outputs.value;
  if (output === undefined || outputs.value.length !== 1)
    return unusable(source, `it has ${outputs.value.length} outputs, and Thaw trains networks with one`);
  return ok({
    name: nameOf(root.data) ?? 'model',
    layers: leaves.specs,
    output,
    origins: leaves.origins,
    constants: leaves.constants,
    notices: leaves.notices,
  });
}

/** No one nests networks deeper. */
const mostDepth = 32;

/**
 * Adds a model's layers to the leaves and answers the names of its outputs.
 * @param inputs the layers that feed this model when it is nested; null for the outermost.
 * @param path names of the models around its layers, its own last; empty for the outermost.
 * @param storePath where a `.weights.h5` keeps the model.
 */
export function flattenModel(
  model: RawLayer,
  inputs: readonly string[] | null,
  path: readonly string[],
  storePath: string,
  leaves: Leaves,
): Result<readonly string[]> {
  if (path.length > mostDepth || !leaves.countModel())
    return unusable(leaves.source, 'its models are nested too deeply or called too often');
  if (isSequential(model)) return flattenSequential(model, inputs, path, storePath, leaves);
  if (isFunctional(model)) return flattenFunctional(model, inputs, path, storePath, leaves);
  return unusable(
    leaves.source,
    `its outermost class is ${model.class_name}, and only Sequential and functional models list their layers`,
    'Rebuild the model with the functional API, or use it frozen: export it to ONNX or to a TensorFlow.js GraphModel.',
  );
}
