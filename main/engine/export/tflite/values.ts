import { quantizeChannels } from '../../network/index.ts';
import type { GraphNode, LoweredGraph, NodeId } from '../lowering/graph.ts';
import type { TensorIndex, TfliteBuilder } from './modelBuilder.ts';
import { bytesOf } from './modelBuilder.ts';
import type { Affine } from './ranges.ts';
import { affineOf } from './ranges.ts';
import { operators } from './schema.ts';

/** The tensors of a graph's values: as floats, as int8, or both, converted where an operator wants the other. */
export class Values {
  readonly #floats = new Map<NodeId, TensorIndex>();
  readonly #whole = new Map<string, TensorIndex>();

  constructor(
    readonly builder: TfliteBuilder,
    readonly graph: LoweredGraph,
    /** How each node is held; null: as floats. */
    readonly plan: readonly (Affine | null)[],
    /** How a node that is held as floats becomes int8. */
    readonly asWhole: (id: NodeId) => Affine,
  ) {}

  node(id: NodeId): GraphNode {
    const node = this.graph.nodes[id];
    if (node === undefined) throw new Error(`There is no node ${id}`);
    return node;
  }

  /** Makes the tensor a node's operator writes to. */
  declare(id: NodeId, name: string): TensorIndex {
    const { shape } = this.node(id);
    const affine = this.held(id);
    const facts = { name, shape: [1, ...shape], batched: true };
    if (affine === null) {
      const tensor = this.builder.tensor({ ...facts, type: 'float32' });
      this.#floats.set(id, tensor);
      return tensor;
    }
    const tensor = this.builder.tensor({ ...facts, type: 'int8', quantization: quantizationOf(affine) });
    this.#whole.set(key(id, affine), tensor);
    return tensor;
  }

  /** How a node is held as int8; null: as floats. */
  held(id: NodeId): Affine | null {
    return this.plan[id] ?? null;
  }

  set(id: NodeId, tensor: TensorIndex): void {
    this.#floats.set(id, tensor);
  }

  float(id: NodeId): TensorIndex {
    const known = this.#floats.get(id);
    if (known !== undefined) return known;
    const { operation, shape, layer } = this.node(id);
    if (operation.op === 'constant') {
      const tensor = this.builder.floats(`${layer}/constant_${id}`, operation.data, shape);
      this.#floats.set(id, tensor);
      return tensor;
    }
    const affine = this.held(id);
    const held = affine === null ? undefined : this.#whole.get(key(id, affine));
    if (held === undefined) throw new Error(`Node ${id} was read before it was written`);
    const tensor = this.builder.tensor({
      name: `${layer}/dequantized_${id}`,
      type: 'float32',
      shape: [1, ...shape],
      batched: true,
    });
    this.builder.operator('DEQUANTIZE', operators.DEQUANTIZE.versions[1], [held], tensor);
    this.#floats.set(id, tensor);
    return tensor;
  }

  /** The int8 tensor of a node, held as wanted, or as the plan says. */
  whole(id: NodeId, wanted?: Affine): TensorIndex {
    const { operation, shape, layer } = this.node(id);
    const affine = wanted ?? this.affine(id);
    const known = this.#whole.get(key(id, affine));
    if (known !== undefined) return known;
    const quantization = quantizationOf(affine);
    if (operation.op === 'constant') {
      const data = Int8Array.from(operation.data, (value) => toWhole(value, affine));
      const name = `${layer}/constant_${id}`;
      const tensor = this.builder.tensor({ name, type: 'int8', shape, data: bytesOf(data), quantization });
      this.#whole.set(key(id, affine), tensor);
      return tensor;
    }
    const own = this.held(id);
    const from = own === null ? this.float(id) : this.#whole.get(key(id, own));
    if (from === undefined) throw new Error(`Node ${id} was read before it was written`);
    const name = `${layer}/quantized_${id}_${this.#whole.size}`;
    const tensor = this.builder.tensor({
      name,
      type: 'int8',
      shape: [1, ...shape],
      batched: true,
      quantization,
    });
    this.builder.operator('QUANTIZE', operators.QUANTIZE.versions[own === null ? 0 : 1], [from], tensor);
    this.#whole.set(key(id, affine), tensor);
    return tensor;
  }

  affine(id: NodeId): Affine {
    const planned = this.held(id);
    if (planned !== null) return planned;
    const { operation } = this.node(id);
    if (operation.op !== 'constant') return this.asWhole(id);
    return affineOf({ low: Math.min(...operation.data), high: Math.max(...operation.data) });
  }
}

function key(id: NodeId, { scale, zeroPoint }: Affine): string {
  return `${id}/${scale}/${zeroPoint}`;
}

function toWhole(value: number, { scale, zeroPoint }: Affine): number {
  return Math.max(-128, Math.min(127, Math.round(value / scale) + zeroPoint));
}

export function quantizationOf({ scale, zeroPoint }: Affine) {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}

/** A kernel in TensorFlow Lite's layout, and the axis of its output channels there. */
export interface KernelLayout {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly axis: number;
  /** Whether each channel has a scale of its own; a fully connected layer has one for all. */
  readonly perChannel: boolean;
}

/** int8 weights and their scales. */
export function quantizeKernel({ data, shape, axis, perChannel }: KernelLayout) {
  return perChannel ? quantizeChannels(data, shape, axis) : quantizeChannels(data, [1, data.length], 0);
}
