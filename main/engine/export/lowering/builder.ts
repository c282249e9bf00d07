import type { WeightArray } from '../../network/index.ts';
import { sizeOf } from '../../network/index.ts';
import type { ElementwiseOp, Fused, GraphNode, NodeId, Operation, UnaryOp } from './graph.ts';
import { isFusable } from './graph.ts';

/** Collects the nodes of a lowered graph. Shapes are without the batch. */
export class LoweringBuilder {
  readonly #nodes: GraphNode[] = [];
  /** The layer whose nodes are being added. */
  layer = '';
  /** Whether the nodes being added need the precision of floats. */
  precise = false;

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  add(operation: Operation, inputs: readonly NodeId[], shape: readonly number[]): NodeId {
    this.#nodes.push({ operation, inputs, shape, layer: this.layer, precise: this.precise });
    return this.#nodes.length - 1;
  }

  node(id: NodeId): GraphNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new Error(`There is no node ${id}`);
    return node;
  }

  /** One value, or one for each channel; or with a shape one for each place that the last axes have. */
  constant(values: readonly number[] | Float32Array, shape: readonly number[] = [values.length]): NodeId {
    return this.add({ op: 'constant', data: Float32Array.from(values) }, [], shape);
  }

  /** What is added meanwhile needs the precision of floats. */
  precisely(add: () => NodeId): NodeId {
    const before = this.precise;
    this.precise = true;
    const added = add();
    this.precise = before;
    return added;
  }

  unary(op: UnaryOp, x: NodeId): NodeId {
    return this.add({ op }, [x], this.node(x).shape);
  }

  /** The second operand may be a constant of one value or one for each channel. */
  elementwise(op: ElementwiseOp, a: NodeId, b: NodeId): NodeId {
    const [left, right] = [this.node(a), this.node(b)];
    if (right.operation.op === 'constant') return this.add({ op }, [a, b], left.shape);
    const shape = left.shape.map((length, axis) => Math.max(length, right.shape[axis] ?? 1));
    return this.add({ op }, [a, b], shape);
  }

  scaled(x: NodeId, factor: number | Float32Array): NodeId {
    if (factor === 1) return x;
    return this.elementwise('multiply', x, this.constant(typeof factor === 'number' ? [factor] : factor));
  }

  shifted(x: NodeId, summand: number | Float32Array): NodeId {
    if (summand === 0) return x;
    return this.elementwise('add', x, this.constant(typeof summand === 'number' ? [summand] : summand));
  }

  /** x where it lies between the bounds, else the nearer bound. */
  bounded(x: NodeId, low: number, high: number): NodeId {
    const above = this.elementwise('maximum', x, this.constant([low]));
    return this.elementwise('minimum', above, this.constant([high]));
  }

  /** x × kernel [in, out] over the channels of an image. */
  mixed(x: NodeId, kernel: WeightArray): NodeId {
    const [channels = 1, filters = 1] = kernel.shape;
    return this.add(
      {
        op: 'conv2d',
        kernel: { shape: [1, 1, channels, filters], data: kernel.data },
        bias: null,
        strides: [1, 1],
        dilations: [1, 1],
        padding: 'valid',
        fused: 'none',
      },
      [x],
      this.node(x).shape.with(-1, filters),
    );
  }

  reshaped(x: NodeId, shape: readonly number[]): NodeId {
    const from = this.node(x).shape;
    return from.join() === shape.join() ? x : this.add({ op: 'reshape' }, [x], shape);
  }

  /** Takes an activation into the node that computes its input; false when that cannot have one. */
  fuse(x: NodeId, fused: Fused): boolean {
    const node = this.node(x);
    if (!isFusable(node.operation) || node.operation.fused !== 'none') return false;
    this.#nodes[x] = { ...node, operation: { ...node.operation, fused } };
    return true;
  }

  /** Takes x × scale + shift into the convolution or dense layer that computes x; false when it is none. */
  fold(x: NodeId, scale: Float32Array, shift: Float32Array): boolean {
    const node = this.node(x);
    const { operation } = node;
    if (!isFusable(operation) || operation.fused !== 'none') return false;
    const { kernel } = operation;
    // The output channel of a depthwise kernel is its last two axes together.
    const outputs =
      operation.op === 'depthwise' ? sizeOf(kernel.shape.slice(-2)) : (kernel.shape.at(-1) ?? 1);
    const data = kernel.data.map((value, index) => value * (scale[index % outputs] ?? 1));
    const { bias } = operation;
    const moved = shift.map((value, index) => value + (bias?.[index] ?? 0) * (scale[index] ?? 1));
    const folded: WeightArray = { shape: kernel.shape, data };
    this.#nodes[x] = { ...node, operation: { ...operation, kernel: folded, bias: moved } };
    return true;
  }
}
