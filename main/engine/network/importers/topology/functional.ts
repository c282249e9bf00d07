import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { Call, TensorReference } from './calls.ts';
import { parseCall, parseEndpoints, tensorsIn } from './calls.ts';
import { flattenModel } from './flatten.ts';
import type { Leaves } from './leaves.ts';
import { operationCalled } from './operationNames.ts';
import { layerOfOperation, permuteChannels } from './operations.ts';
import type { RawLayer } from './rawModel.ts';
import { configOf, isFunctional, isModel, layersOf, nameOf, unusable } from './rawModel.ts';
import { storePathsOf } from './sequential.ts';

/** One call of one layer, waiting for its inputs. */
interface Pending {
  readonly layer: RawLayer;
  readonly name: string;
  readonly place: string;
  readonly index: number;
  readonly call: Call;
}

/** A graph of calls. */
export function flattenFunctional(
  model: RawLayer,
  inputs: readonly string[] | null,
  path: readonly string[],
  storePath: string,
  leaves: Leaves,
): Result<readonly string[]> {
  return new FunctionalFlattening(model, inputs, path, storePath, leaves).run();
}

const callKey = (layer: string, call: number): string => `${call} ${layer}`;

class FunctionalFlattening {
  /** Names of the layers that give a call's outputs. */
  readonly #values = new Map<string, readonly string[]>();
  /** Single channels, until they are stacked again. */
  readonly #channels = new Map<string, { readonly of: TensorReference; readonly channel: number }>();

  constructor(
    readonly model: RawLayer,
    readonly inputs: readonly string[] | null,
    readonly path: readonly string[],
    readonly storePath: string,
    readonly leaves: Leaves,
  ) {}

  run(): Result<readonly string[]> {
    const { source } = this.leaves;
    const config = configOf(this.model);
    const entries = parseEndpoints(config['input_layers']);
    const exits = parseEndpoints(config['output_layers']);
    const layers = layersOf(this.model, source);
    if (!layers.ok) return layers;
    if (entries === null || exits === null)
      return this.#unusable('does not list its inputs and outputs one by one');
    if (this.inputs === null && entries.length !== 1)
      return this.#unusable(`has ${entries.length} inputs, and Thaw feeds one image`);
    if (this.path.length === 0) this.leaves.reserve(layers.value);
    const fed = this.#feed(layers.value, entries);
    if (!fed.ok) return fed;
    const calls = this.#callsOf(layers.value, exits);
    if (!calls.ok) return calls;
    const added = this.#addAll(calls.value);
    if (!added.ok) return added;
    const outputs = exits.map((exit) => this.#value(exit));
    const missing = exits.find((_, index) => outputs[index] === undefined);
    if (missing !== undefined)
      return this.#unusable(`gives out layer "${missing.layer}", which is not there`);
    return ok(outputs.filter((output) => output !== undefined));
  }

  /** The outermost model's image becomes a layer; a nested one's is what feeds it. */
  #feed(layers: readonly RawLayer[], entries: readonly TensorReference[]): Result<null> {
    for (const [index, entry] of entries.entries()) {
      const layer = layers.find((one) => nameOf(one) === entry.layer);
      if (layer === undefined) return this.#unusable(`takes layer "${entry.layer}", which is not there`);
      const given = this.inputs?.[index];
      const name = given === undefined ? this.leaves.addInput(entry.layer, configOf(layer)) : ok(given);
      if (!name.ok) return name;
      this.#values.set(callKey(entry.layer, entry.call), [name.value]);
    }
    return ok(null);
  }

  #callsOf(layers: readonly RawLayer[], exits: readonly TensorReference[]): Result<Pending[]> {
    const places = storePathsOf(layers.map(asKerasCounts), this.storePath);
    const pending: Pending[] = [];
    for (const [at, layer] of layers.entries()) {
      const name = nameOf(layer) ?? layer.class_name;
      if (layer.class_name === 'InputLayer') {
        if (this.#values.has(callKey(name, 0))) continue;
        return this.#unusable(`has a second input, "${name}"`);
      }
      for (const [index, node] of (layer.inbound_nodes ?? []).entries()) {
        const call = parseCall(node);
        if (call === null) return this.#unusable(`calls layer "${name}" in a way that is not Keras's`);
        pending.push({ layer, name, place: places[at] ?? '', index, call });
      }
    }
    return ok(countedFromOne(pending, exits));
  }

  /** Keras lists layers before their readers, except where a layer is called again later. */
  #addAll(calls: readonly Pending[]): Result<null> {
    let waiting = calls;
    while (waiting.length > 0) {
      const later: Pending[] = [];
      for (const one of waiting) {
        const ready = tensorsIn(one.call).every(({ layer, call }) => this.#values.has(callKey(layer, call)));
        if (!ready) {
          later.push(one);
          continue;
        }
        const values = this.#add(one);
        if (!values.ok) return values;
        this.#values.set(callKey(one.name, one.index), values.value);
      }
      if (later.length === waiting.length)
        return this.#unusable(
          `reads, at layer "${later[0]?.name ?? ''}", a layer that is not there or in a circle`,
        );
      waiting = later;
    }
    return ok(null);
  }

  #add({ layer, name, place, call }: Pending): Result<readonly string[]> {
    const spelling = operationOf(layer, this.leaves.keras3);
    if (spelling !== null) return this.#addOperation(name, spelling, layer, call);
    const inputs: string[] = [];
    for (const tensor of tensorsIn(call)) {
      const value = this.#value(tensor);
      if (value === undefined) return this.#unusable(`reads an output of "${tensor.layer}" that it has not`);
      if (this.#channels.has(value)) return this.#unusable(`takes a single channel apart at layer "${name}"`);
      inputs.push(value);
    }
    if (isModel(layer)) return flattenModel(layer, inputs, [...this.path, name], place, this.leaves);
    const added = this.leaves.addLayer(layer, inputs, this.path, place);
    return added.ok ? ok([added.value]) : added;
  }

  #addOperation(name: string, spelling: string, layer: RawLayer, call: Call): Result<readonly string[]> {
    const operation = layerOfOperation(spelling, configOf(layer), call);
    switch (operation?.kind) {
      case 'same': {
        const value = this.#value(operation.input);
        return value === undefined ? this.#noOperation(name, spelling) : ok([value]);
      }
      case 'channel': {
        const key = `channel ${operation.channel} of ${name}`;
        this.#channels.set(key, { of: operation.input, channel: operation.channel });
        return ok([key]);
      }
      case 'stack': {
        const picks = operation.inputs.map((input) => this.#channels.get(this.#value(input) ?? ''));
        const [first] = picks;
        const whole = first === undefined ? undefined : this.#value(first.of);
        const together = picks.every((pick) => pick !== undefined && this.#value(pick.of) === whole);
        if (first === undefined || !together) return this.#noOperation(name, spelling);
        const order = picks.flatMap((pick) => (pick === undefined ? [] : [pick.channel]));
        return this.#addAs(name, spelling, permuteChannels(order, first.of));
      }
      case 'layer':
        return this.#addAs(name, spelling, operation);
      default:
        return this.#noOperation(name, spelling);
    }
  }

  #addAs(
    name: string,
    spelling: string,
    operation: ReturnType<typeof layerOfOperation>,
  ): Result<readonly string[]> {
    if (operation?.kind !== 'layer') return this.#noOperation(name, spelling);
    const inputs = operation.inputs.map((input) => this.#value(input));
    if (!inputs.every((input) => input !== undefined && !this.#channels.has(input)))
      return this.#noOperation(name, spelling);
    const named = inputs.filter((input) => input !== undefined);
    const added = this.leaves.addOperation(name, operation, named, this.path);
    return added.ok ? ok([added.value]) : added;
  }

  #noOperation(name: string, spelling: string): Result<never> {
    return unusable(
      this.leaves.source,
      `layer "${name}" is the operation ${spelling} in a form that no layer of Thaw computes`,
      'Replace it in Keras by a layer and save again, or use the model frozen: export it to ONNX or to a TensorFlow.js GraphModel.',
    );
  }

  #value({ layer, call, output }: TensorReference): string | undefined {
    return this.#values.get(callKey(layer, call))?.[output];
  }

  #unusable(why: string): Result<never> {
    const name = nameOf(this.model) ?? this.model.class_name;
    return unusable(this.leaves.source, `its model "${name}" ${why}`);
  }
}

/**
 * Keras 2 counts the calls of a nested model from one, because the model's making counts as a call. Told by a
 * reference to a call that would otherwise not be there.
 */
function countedFromOne(calls: readonly Pending[], exits: readonly TensorReference[]): Pending[] {
  const number = new Map<string, number>();
  for (const { name } of calls) number.set(name, (number.get(name) ?? 0) + 1);
  const shifted = new Set<string>();
  for (const { layer, call } of [...calls.flatMap((one) => tensorsIn(one.call)), ...exits])
    if (call > 0 && call === number.get(layer)) shifted.add(layer);
  return calls.map((one) =>
    isModel(one.layer) && shifted.has(one.name) ? { ...one, index: one.index + 1 } : one,
  );
}

/** Keras 2's `function` of an operation, or Keras 3's class of one; null for a layer. */
function operationOf(layer: RawLayer, keras3: boolean): string | null {
  if (layer.class_name === 'TFOpLambda' || layer.class_name === 'SlicingOpLambda') {
    const { function: name } = configOf(layer);
    return typeof name === 'string' ? name : layer.class_name;
  }
  if (typeof layer.module === 'string')
    return /^keras\.(src\.)?ops\./.test(layer.module) ? layer.class_name : null;
  // Keras 3 leaves the module out of an .h5, but only layers have dtypes and can be trainable.
  const isLayer = ['trainable', 'dtype', 'layers'].some((key) => key in configOf(layer));
  return keras3 && !isLayer && operationCalled(layer.class_name) !== undefined ? layer.class_name : null;
}

/** A nested model is counted by its class, which Keras 1 and early Keras 2 files call `Model`. */
function asKerasCounts(layer: RawLayer): RawLayer {
  return isFunctional(layer) ? { ...layer, class_name: 'Functional' } : layer;
}
