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
  readonly inputs: readonly string[];
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

/** Collects standard layers under names of their own. */
export class StandardBuilder {
  readonly layers: StandardLayer[] = [];
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** A name nobody has yet. */
  free(wanted: string): string {
    let name = wanted;
    for (let copy = 2; this.#taken.has(name); copy += 1) name = `${wanted}_${copy}`;
    this.#taken.add(name);
    return name;
  }

  add(layer: StandardLayer): string {
    this.layers.push(layer);
    return layer.name;
  }
}
