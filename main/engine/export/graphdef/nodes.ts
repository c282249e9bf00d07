import { sizeOf } from '../../network/index.ts';

/** The part of TensorFlow's graph format that exports use, before it is written as protocol buffers or JSON. */

export type DataType = 'float32' | 'int32' | 'uint8' | 'string' | 'bool';

export type Attribute =
  | { readonly type: DataType }
  | { readonly types: readonly DataType[] }
  | { readonly shape: readonly (number | null)[] }
  | { readonly shapes: readonly (readonly number[])[] }
  | { readonly integer: number }
  | { readonly integers: readonly number[] }
  | { readonly number: number }
  | { readonly flag: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly function: string };

/** A constant's value. */
export interface ConstantTensor {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface GraphDefNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Of a Const node. */
  readonly value: ConstantTensor | null;
}

/** Collects nodes under names that TensorFlow allows and that never collide. */
export class NodeList {
  readonly nodes: GraphDefNode[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, string>();
  readonly #floats = new Map<Float32Array, string>();

  /** Adds a node and returns its name. */
  add(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: GraphDefNode['attributes'] = {},
    value: ConstantTensor | null = null,
  ): string {
    const unique = this.#unique(name);
    this.nodes.push({ name: unique, op, inputs, attributes, value });
    return unique;
  }

  /** An array that is there already is shared. */
  floats(name: string, data: Float32Array, shape: readonly number[] = [data.length]): string {
    if (data.length !== sizeOf(shape))
      throw new Error(`${name}: ${data.length} values for [${shape.join()}]`);
    const known = this.#floats.get(data);
    if (known !== undefined) return known;
    const value: ConstantTensor = { dtype: 'float32', shape, data };
    const added = this.add(name, 'Const', [], { dtype: { type: 'float32' } }, value);
    this.#floats.set(data, added);
    return added;
  }

  scalar(name: string, value: number): string {
    return this.floats(name, Float32Array.of(value), []);
  }

  /** Small constants of whole numbers, shared. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const key = `${values.join()}|${shape.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value: ConstantTensor = { dtype: 'int32', shape, data: Int32Array.from(values) };
    const name = this.add('integers', 'Const', [], { dtype: { type: 'int32' } }, value);
    this.#constants.set(key, name);
    return name;
  }

  #unique(wanted: string): string {
    const clean = wanted.replace(/[^A-Za-z0-9_.\-/]/g, '_').replace(/^[^A-Za-z0-9.]/, 'n');
    let name = clean;
    for (let copy = 1; this.#names.has(name); copy += 1) name = `${clean}_${copy}`;
    this.#names.add(name);
    return name;
  }
}
