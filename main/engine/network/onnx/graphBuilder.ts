import { quantizeChannels } from '../weights/quantize.ts';
import { sizeOf } from '../weights/weights.ts';
import type { Attribute, DataType } from './proto.ts';
import { attributeMessage, dataTypes, encodeModel, tensorMessage, valueMessage } from './proto.ts';

/** Operator set 17, of ONNX 1.12 (2022): everything the writer needs, and read by every current runtime. */
export const opset = 17;
const irVersion = 8;

/** How kernels are stored: they are float32 again before they are used. */
export type WeightStorage = 'float32' | 'float16' | 'int8';

/** Nodes, constants, inputs and outputs of a graph. */
export interface GraphParts {
  readonly node: readonly object[];
  readonly initializer: readonly object[];
  readonly input: readonly object[];
  readonly output: readonly object[];
}

/** Collects the nodes and constants of an ONNX graph; names are made here and never collide. */
export class GraphBuilder {
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  #count = 0;

  /** @param prefix what every name that is made here begins with. */
  constructor(
    readonly storage: WeightStorage = 'float32',
    readonly prefix = '#',
  ) {}

  input(name: string, type: DataType, shape: readonly (number | string)[]): string {
    this.#inputs.push(valueMessage(name, type, shape));
    return name;
  }

  /** Declares a value that a node has been given the name of. */
  output(name: string, shape: readonly (number | string)[] | null): void {
    this.#outputs.push(valueMessage(name, 'float32', shape));
  }

  /** Adds a node and returns the name of its value. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output: string = this.#name(op),
  ): string {
    this.#nodes.push({
      op_type: op,
      name: this.#name('node'),
      input: inputs,
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attributeMessage(name, value)),
    });
    return output;
  }

  /** A float32 constant. */
  constant(values: Float32Array | readonly number[], shape: readonly number[] = [values.length]): string {
    if (values.length !== sizeOf(shape))
      throw new Error(`A constant of ${values.length} values does not fill [${shape.join(', ')}]`);
    const name = this.#name('constant');
    this.#initializers.push(tensorMessage(name, 'float32', shape, values));
    return name;
  }

  /** A kernel, stored as the graph stores kernels; `axis` is the one of its output channels. */
  weight(values: Float32Array, shape: readonly number[], axis: number): string {
    if (this.storage === 'float32') return this.constant(values, shape);
    const name = this.#name('weight');
    if (this.storage === 'float16') {
      this.#initializers.push(tensorMessage(name, 'float16', shape, values));
      return this.node('Cast', [name], { to: dataTypes.float32 });
    }
    const { whole, scales } = quantizeChannels(values, shape, axis);
    this.#initializers.push(tensorMessage(name, 'int8', shape, [...whole]));
    return this.node('DequantizeLinear', [name, this.constant(scales)], { axis });
  }

  scalar(value: number): string {
    return this.constant([value], []);
  }

  /** A one-dimensional int64 constant. */
  integers(values: readonly number[]): string {
    const name = this.#name('integers');
    this.#initializers.push(tensorMessage(name, 'int64', [values.length], values));
    return name;
  }

  /** What has been collected, as the format's messages. */
  parts(): GraphParts {
    return {
      node: this.#nodes,
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    };
  }

  encode(name: string): Uint8Array {
    return encodeModel({ graph: { name, ...this.parts() }, opset, irVersion });
  }

  #name(hint: string): string {
    this.#count += 1;
    return `${this.prefix}${hint}${this.#count}`;
  }
}
