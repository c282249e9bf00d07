import { toFloat16Bits } from '../../network/weights/float16.ts';
import { sizeOf } from '../../network/index.ts';
import type { Table } from './flatbuffer.ts';
import { encodeFlatbuffer, table } from './flatbuffer.ts';
import type { OperatorName, TensorType } from './schema.ts';
import { operators, tensorTypes } from './schema.ts';

/** value = (whole − zeroPoint) × scale; more than one scale: one for each index of `axis`. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export type TensorIndex = number;

export interface TensorFacts {
  readonly name: string;
  readonly type: TensorType;
  /** Whole shape, a batch included. */
  readonly shape: readonly number[];
  /** Whether the first dimension is the batch, which may be any. */
  readonly batched?: boolean;
  readonly data?: Uint8Array;
  readonly quantization?: Quantization;
}

/** Collects the tensors and operators of a TensorFlow Lite model with one graph. */
export class TfliteBuilder {
  readonly #tensors: Table[] = [];
  readonly #operators: Table[] = [];
  readonly #codes = new Map<string, { index: number; table: Table }>();
  /** The first buffer is empty by convention: tensors that are computed point at it. */
  readonly #buffers: Table[] = [table({})];
  readonly #integers = new Map<string, TensorIndex>();

  constructor(readonly dynamicBatch: boolean) {}

  tensor({ name, type, shape, batched = false, data, quantization }: TensorFacts): TensorIndex {
    const buffer = data === undefined ? 0 : this.#buffers.push(table({ 0: { bytes: data } })) - 1;
    const signature = batched && this.dynamicBatch ? { int32s: [-1, ...shape.slice(1)] } : undefined;
    return (
      this.#tensors.push(
        table({
          0: { int32s: shape },
          1: { int8: tensorTypes[type] },
          2: { uint32: buffer },
          3: { text: name },
          4: quantization === undefined ? undefined : { table: quantizationTable(quantization) },
          7: signature,
          8: { bool: true },
        }),
      ) - 1
    );
  }

  floats(name: string, data: Float32Array, shape: readonly number[]): TensorIndex {
    if (sizeOf(shape) !== data.length)
      throw new Error(`${name}: ${data.length} values for [${shape.join()}]`);
    return this.tensor({ name, type: 'float32', shape, data: bytesOf(data) });
  }

  halves(name: string, data: Float32Array, shape: readonly number[]): TensorIndex {
    return this.tensor({
      name,
      type: 'float16',
      shape,
      data: bytesOf(Uint16Array.from(data, toFloat16Bits)),
    });
  }

  /** Small constants of whole numbers, shared. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): TensorIndex {
    const key = `${values.join()}|${shape.join()}`;
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const data = bytesOf(Int32Array.from(values));
    const index = this.tensor({ name: `integers_${this.#integers.size}`, type: 'int32', shape, data });
    this.#integers.set(key, index);
    return index;
  }

  operator(
    name: OperatorName,
    version: number,
    inputs: readonly TensorIndex[],
    output: TensorIndex,
    options: Table = table({}),
  ): void {
    const { options: optionsType } = operators[name];
    this.#operators.push(
      table({
        0: { uint32: this.#codeOf(name, version) },
        1: { int32s: inputs },
        2: { int32s: [output] },
        3: optionsType === 0 ? undefined : { uint8: optionsType },
        4: optionsType === 0 ? undefined : { table: options },
      }),
    );
  }

  /** @param metadata the encoded TFLITE_METADATA. */
  encode(image: TensorIndex, probabilities: TensorIndex, metadata: Uint8Array): Uint8Array {
    const metadataBuffer = this.#buffers.push(table({ 0: { bytes: metadata } })) - 1;
    const map = (name: string, tensor: TensorIndex): Table =>
      table({ 0: { text: name }, 1: { uint32: tensor } });
    const model = table({
      0: { uint32: 3 },
      1: { tables: [...this.#codes.values()].map((code) => code.table) },
      2: {
        tables: [
          table({
            0: { tables: this.#tensors },
            1: { int32s: [image] },
            2: { int32s: [probabilities] },
            3: { tables: this.#operators },
            4: { text: 'main' },
          }),
        ],
      },
      3: { text: 'Made by Thaw.' },
      4: { tables: this.#buffers },
      6: { tables: [table({ 0: { text: 'TFLITE_METADATA' }, 1: { uint32: metadataBuffer } })] },
      7: {
        tables: [
          table({
            0: { tables: [map('image', image)] },
            1: { tables: [map('probabilities', probabilities)] },
            2: { text: 'serving_default' },
            4: { uint32: 0 },
          }),
        ],
      },
    });
    return encodeFlatbuffer(model, 'TFL3');
  }

  #codeOf(name: OperatorName, version: number): number {
    const key = `${name}/${version}`;
    const known = this.#codes.get(key);
    if (known !== undefined) return known.index;
    const { code } = operators[name];
    const index = this.#codes.size;
    // The first field is what readers from before 2020 look at; codes over 127 do not fit there.
    const described = table({ 0: { int8: Math.min(code, 127) }, 2: { int32: version }, 3: { int32: code } });
    this.#codes.set(key, { index, table: described });
    return index;
  }
}

function quantizationTable({ scales, zeroPoints, axis }: Quantization): Table {
  return table({ 2: { floats: scales }, 3: { int64s: zeroPoints }, 6: { int32: axis } });
}

export function bytesOf(data: Float32Array | Int32Array | Int8Array | Uint16Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
