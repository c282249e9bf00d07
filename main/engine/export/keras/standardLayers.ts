import type { JsonValue, Layer } from '../../../../shared/domain/network.ts';
import type { WeightArray } from '../../network/index.ts';

/**
 * Layers that every reader of a format knows. `keras`: built-in layers of Keras 2.15 and of Keras 3, with configurations
 * that mean the same in both; `tfjs`: those of TensorFlow.js.
 */
export type Dialect = 'keras' | 'tfjs';

export type StandardConfig = Readonly<Record<string, JsonValue>>;

export interface StandardWeight {
  /** Keras's name for it: kernel, gamma… */
  readonly name: string;
  readonly value: WeightArray;
}

export interface StandardLayer {
  readonly name: string;
  readonly className: string;
  readonly config: StandardConfig;
  /** What it is called with, by the names of values: several times where layers share weights; never for an input. */
  readonly calls: readonly (readonly string[])[];
  /** In Keras's order. */
  readonly weights: readonly StandardWeight[];
  readonly trainable: boolean;
}

/** What the rewriting of one layer of ours sees. */
export interface Rewriting {
  readonly dialect: Dialect;
  readonly layer: Layer;
  /** The standard layer that gives the value of an input. */
  input(index?: number): string;
  inputShape(index?: number): readonly number[];
  weight(name: string): WeightArray;
  /** All of the layer's own weights. */
  weights(): StandardWeight[];
  /** Adds a layer on the way; returns its name. */
  step(
    className: string,
    config: StandardConfig,
    inputs: readonly string[],
    weights?: StandardWeight[],
  ): string;
  /** Adds the layer that has the name of ours. */
  last(
    className: string,
    config: StandardConfig,
    inputs: readonly string[],
    weights?: StandardWeight[],
  ): void;
}

/** Ends with a call of `last`. Returns why the dialect cannot hold the layer, or null. */
export type Rewrite = (rewriting: Rewriting) => string | null;

/** A layer before it is called. */
export type UncalledLayer = Omit<StandardLayer, 'calls'>;

/** Which call of which layer gives a value. */
export interface ValueReference {
  readonly layer: string;
  readonly call: number;
}

/** Collects standard layers under names of their own. A layer's first value has its name. */
export class StandardBuilder {
  readonly #layers = new Map<string, UncalledLayer & { readonly calls: (readonly string[])[] }>();
  readonly #values = new Map<string, ValueReference>();
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  get layers(): readonly StandardLayer[] {
    return [...this.#layers.values()];
  }

  get values(): ReadonlyMap<string, ValueReference> {
    return this.#values;
  }

  /** A name nobody has yet. */
  free(wanted: string): string {
    let name = wanted;
    for (let copy = 2; this.#taken.has(name); copy += 1) name = `${wanted}_${copy}`;
    this.#taken.add(name);
    return name;
  }

  /** Adds a layer and returns the name of its value. */
  add(layer: UncalledLayer, inputs: readonly string[]): string {
    this.#layers.set(layer.name, { ...layer, calls: inputs.length === 0 ? [] : [inputs] });
    this.#values.set(layer.name, { layer: layer.name, call: 0 });
    return layer.name;
  }

  /** Calls a layer once more and returns the name of the value it gives. */
  callAgain(name: string, inputs: readonly string[]): string {
    const layer = this.#layers.get(name);
    if (layer === undefined) throw new Error(`There is no standard layer "${name}"`);
    const value = this.free(`${name}_call_${layer.calls.length + 1}`);
    this.#values.set(value, { layer: name, call: layer.calls.length });
    layer.calls.push(inputs);
    return value;
  }
}
