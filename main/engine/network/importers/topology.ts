import { z } from 'zod';
import { thawError } from '../../../../shared/errors.ts';
import type { JsonValue } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { LayerSpec } from '../buildNetwork.ts';

/** Keras 2 topologies: Sequential and functional models, nested to any depth, flattened to one list of layers. */

export interface FlatTopology {
  readonly name: string;
  readonly layers: LayerSpec[];
  readonly output: string;
}

const rawLayer = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.union([z.record(z.string(), z.json()), z.array(z.json())]),
  inbound_nodes: z.array(z.json()).optional(),
});
type RawLayer = z.infer<typeof rawLayer>;

/** [layer, node index, tensor index, call arguments]. */
const reference = z
  .tuple([z.string(), z.number().int(), z.number().int()])
  .rest(z.json())
  .transform(([layer, , tensor]) => ({ layer, tensor }));
const node = z.array(reference);
const endpoints = z.union([z.array(reference).length(1), reference.transform((only) => [only])]);

const functionalConfig = z.object({
  name: z.string().default('model'),
  layers: z.array(rawLayer),
  input_layers: endpoints,
  output_layers: endpoints,
});

const functionalClasses = new Set(['Model', 'Functional']);

/** Flattens `modelTopology`, whose model configuration may be inside `model_config`. */
export function flattenTopology(topology: Record<string, JsonValue>, source: string): Result<FlatTopology> {
  const root = rawLayer.safeParse(topology['model_config'] ?? topology);
  if (!root.success) return unsupported(source, 'its topology is not a Keras model configuration');
  const layers: LayerSpec[] = [];
  const flat = flattenModel(root.data, null, layers, source);
  if (!flat.ok) return flat;
  return ok({ name: nameOf(root.data) ?? 'model', layers, output: flat.value });
}

/**
 * Adds a model's layers to `into` and answers the name of its output layer.
 * @param input the layer that feeds this model when it is nested; null for the outermost.
 */
function flattenModel(
  model: RawLayer,
  input: string | null,
  into: LayerSpec[],
  source: string,
): Result<string> {
  if (model.class_name === 'Sequential') return flattenSequential(model, input, into, source);
  if (functionalClasses.has(model.class_name)) return flattenFunctional(model, input, into, source);
  return unsupported(source, `its outermost class is ${model.class_name}, not Sequential or Functional`);
}

function flattenSequential(
  model: RawLayer,
  input: string | null,
  into: LayerSpec[],
  source: string,
): Result<string> {
  const list = Array.isArray(model.config) ? model.config : model.config['layers'];
  const layers = z.array(rawLayer).safeParse(list);
  if (!layers.success) return unsupported(source, 'a Sequential model lists no layers');
  let previous = input;
  for (const layer of layers.data) {
    if (isModel(layer)) {
      const inner = flattenModel(layer, previous, into, source);
      if (!inner.ok) return inner;
      previous = inner.value;
      continue;
    }
    const spec = specOf(layer, source);
    if (!spec.ok) return spec;
    if (layer.class_name === 'InputLayer') {
      if (previous === null) {
        into.push(spec.value);
        previous = spec.value.name;
      }
      continue;
    }
    if (previous === null) {
      const first = inputFor(spec.value, source);
      if (!first.ok) return first;
      into.push(first.value);
      previous = first.value.name;
    }
    into.push({ ...spec.value, inputs: [previous] });
    previous = spec.value.name;
  }
  return previous === null ? unsupported(source, 'a Sequential model is empty') : ok(previous);
}

function flattenFunctional(
  model: RawLayer,
  input: string | null,
  into: LayerSpec[],
  source: string,
): Result<string> {
  const config = functionalConfig.safeParse(model.config);
  if (!config.success) {
    return unsupported(
      source,
      'a functional model is not of Keras 2 with one input and one output',
      z.prettifyError(config.error).slice(0, 500),
    );
  }
  const [inputLayer] = config.data.input_layers;
  const [outputLayer] = config.data.output_layers;
  /** What a layer of this model is called in the flat list. */
  const flatName = new Map<string, string>();
  const pending = [...config.data.layers];
  while (pending.length > 0) {
    const ready = pending.findIndex((layer) => inputsOf(layer)?.every((name) => flatName.has(name)) ?? true);
    const layer = pending.splice(ready, 1)[0];
    if (ready < 0 || layer === undefined)
      return unsupported(source, `layer "${nameOf(pending[0]) ?? ''}" reads a layer that is not there`);
    const added = addFunctionalLayer(layer, inputLayer?.layer ?? '', input, flatName, into, source);
    if (!added.ok) return added;
  }
  const output = flatName.get(outputLayer?.layer ?? '');
  return output === undefined ? unsupported(source, 'its output layer is not there') : ok(output);
}

function addFunctionalLayer(
  layer: RawLayer,
  inputLayer: string,
  input: string | null,
  flatName: Map<string, string>,
  into: LayerSpec[],
  source: string,
): Result<null> {
  const spec = specOf(layer, source);
  if (!spec.ok) return spec;
  const { name } = spec.value;
  if (layer.class_name === 'InputLayer') {
    if (name !== inputLayer) return unsupported(source, `it has a second input, "${name}"`);
    if (input === null) into.push(spec.value);
    flatName.set(name, input ?? name);
    return ok(null);
  }
  const readers = inputsOf(layer);
  if (readers === null) {
    return unsupported(
      source,
      `layer "${name}" is called more than once, or its inbound_nodes are not of Keras 2`,
    );
  }
  const inputs = readers.map((reader) => flatName.get(reader) ?? reader);
  if (isModel(layer)) {
    const inner = flattenModel(layer, inputs[0] ?? input, into, source);
    if (!inner.ok) return inner;
    flatName.set(name, inner.value);
    return ok(null);
  }
  into.push({ ...spec.value, inputs });
  flatName.set(name, name);
  return ok(null);
}

function isModel(layer: RawLayer): boolean {
  return layer.class_name === 'Sequential' || functionalClasses.has(layer.class_name);
}

/** The layers a layer reads; null when it is called more than once or in a way Keras 2 does not write. */
function inputsOf(layer: RawLayer): string[] | null {
  const nodes = z.array(node).safeParse(layer.inbound_nodes ?? []);
  if (!nodes.success || nodes.data.length > 1) return null;
  const [only = []] = nodes.data;
  return only.every(({ tensor }) => tensor === 0) ? only.map((input) => input.layer) : null;
}

function nameOf(layer: RawLayer | undefined): string | undefined {
  if (layer === undefined) return undefined;
  const name = Array.isArray(layer.config) ? undefined : layer.config['name'];
  return layer.name ?? (typeof name === 'string' ? name : undefined);
}

function specOf(layer: RawLayer, source: string): Result<LayerSpec> {
  const name = nameOf(layer) ?? (isModel(layer) ? layer.class_name : undefined);
  if (name === undefined) return unsupported(source, `a ${layer.class_name} layer has no name`);
  const config = Array.isArray(layer.config) ? {} : (layer.config as Record<string, JsonValue>);
  if ('batch_shape' in config) return unsupported(source, 'its topology is of Keras 3');
  return ok({ name, className: layer.class_name, config, inputs: [] });
}

/** The input that the first layer of a Sequential model implies by its batch_input_shape. */
function inputFor(first: LayerSpec, source: string): Result<LayerSpec> {
  const shape = first.config['batch_input_shape'];
  if (shape === undefined)
    return unsupported(source, `its first layer "${first.name}" states no input shape`);
  const name = `${first.name}_input`;
  const config = { batch_input_shape: shape, dtype: 'float32', sparse: false, name };
  return ok({ name, className: 'InputLayer', config, inputs: [] });
}

function unsupported(source: string, why: string, detail?: string): Result<never> {
  return err(
    thawError('engine-unsupported', `${source} cannot be used: ${why}.`, {
      remedy: 'Export the model from Keras 2 (tf_keras) as a Sequential or functional model, and convert it.',
      ...(detail === undefined ? {} : { detail }),
    }),
  );
}
