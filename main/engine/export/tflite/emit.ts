import { unreachable } from '../../../../shared/errors.ts';
import type { LoweredGraph, NodeId } from '../lowering/graph.ts';
import type { Table } from './flatbuffer.ts';
import { table } from './flatbuffer.ts';
import type { TensorIndex, TfliteBuilder } from './modelBuilder.ts';
import type { Affine } from './ranges.ts';
import type { OperatorName } from './schema.ts';
import { operators, paddings, tensorTypes } from './schema.ts';
import { Values } from './values.ts';
import type { KernelStorage } from './weighted.ts';
import { emitWeighted } from './weighted.ts';

export interface TfliteOptions {
  readonly storage: KernelStorage;
  /** How each node is held; null or missing: as floats. */
  readonly plan: readonly (Affine | null)[];
  readonly asWhole: (id: NodeId) => Affine;
}

/** The two ends of an emitted graph. */
export interface Ends {
  readonly image: TensorIndex;
  readonly output: TensorIndex;
}

/** Writes a lowered graph as TensorFlow Lite operators, from `image` to `probabilities`, both float32. */
export function emitTflite(builder: TfliteBuilder, graph: LoweredGraph, options: TfliteOptions): Ends {
  const values = new Values(builder, graph, options.plan, options.asWhole);
  for (const id of graph.nodes.keys()) {
    // The output is named only when its node writes floats; else the dequantized copy is.
    const last = id === graph.output && values.held(id) === null;
    emitNode(values, id, options.storage, last ? 'probabilities' : `${values.node(id).layer}/value_${id}`);
  }
  return { image: values.float(graph.image), output: values.float(graph.output) };
}

function emitNode(values: Values, id: NodeId, storage: KernelStorage, name: string): void {
  const { builder } = values;
  const { operation, inputs, shape } = values.node(id);
  const [x = 0, y = 0] = inputs;
  const affine = values.held(id);
  /** An input as this node computes: floats, or int8 as it is held (`alike`: as this node is). */
  const read = (input: NodeId, alike = false): TensorIndex => {
    if (affine === null) return values.float(input);
    return alike ? values.whole(input, affine) : values.whole(input);
  };
  const write = (operator: OperatorName, sources: readonly TensorIndex[], options?: Table): void => {
    const [float, whole] = operators[operator].versions;
    const version = affine === null ? float : whole;
    if (version === null) throw new Error(`${operator} is not computed in whole numbers`);
    const output = values.declare(id, name);
    builder.operator(operator, version, sources, output, options);
  };
  const unfused = table({ 0: { int8: 0 } });
  switch (operation.op) {
    case 'image':
      values.set(id, builder.tensor({ name: 'image', type: 'float32', shape: [1, ...shape], batched: true }));
      return;
    case 'constant':
      return;
    case 'conv2d':
    case 'depthwise':
    case 'dense':
      emitWeighted(values, id, operation, storage, name);
      return;
    case 'add':
      write('ADD', [read(x), read(y)], unfused);
      return;
    case 'subtract':
      write('SUB', [read(x), read(y)], unfused);
      return;
    case 'multiply':
      write('MUL', [read(x), read(y)], unfused);
      return;
    case 'maximum':
      write('MAXIMUM', [read(x, true), read(y, true)]);
      return;
    case 'minimum':
      write('MINIMUM', [read(x, true), read(y, true)]);
      return;
    case 'relu':
      write('RELU', [read(x)]);
      return;
    case 'relu6':
      write('RELU6', [read(x)]);
      return;
    case 'sigmoid':
      write('LOGISTIC', [read(x)]);
      return;
    case 'tanh':
      write('TANH', [read(x)]);
      return;
    case 'elu':
      write('ELU', [read(x)]);
      return;
    case 'rsqrt':
      write('RSQRT', [read(x)]);
      return;
    case 'log':
      write('LOG', [read(x)]);
      return;
    case 'gelu':
      write('GELU', [read(x)], table({ 0: { bool: false } }));
      return;
    case 'softmax':
      write('SOFTMAX', [read(x)], table({ 0: { float32: 1 } }));
      return;
    case 'leakyRelu':
      write('LEAKY_RELU', [read(x)], table({ 0: { float32: operation.alpha } }));
      return;
    case 'selu':
      emitSelu(values, id, x, name);
      return;
    case 'step': {
      const threshold = builder.floats(`${name}_threshold`, Float32Array.of(operation.threshold), []);
      const above = builder.tensor({
        name: `${name}_above`,
        type: 'bool',
        shape: [1, ...shape],
        batched: true,
      });
      builder.operator('GREATER_EQUAL', 1, [read(x), threshold], above);
      const types = { 0: { int8: tensorTypes.bool }, 1: { int8: tensorTypes.float32 } };
      write('CAST', [above], table(types));
      return;
    }
    case 'maxPool':
    case 'averagePool':
      write(
        operation.op === 'maxPool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D',
        [read(x, true)],
        table({
          0: { int8: paddings[operation.padding] },
          1: { int32: operation.strides[1] },
          2: { int32: operation.strides[0] },
          3: { int32: operation.window[1] },
          4: { int32: operation.window[0] },
          5: { int8: 0 },
        }),
      );
      return;
    case 'mean':
    case 'max': {
      const axes = builder.integers(operation.axes);
      const options = table({ 0: { bool: operation.keepDimensions } });
      if (operation.op === 'mean') write('MEAN', [read(x), axes], options);
      else write('REDUCE_MAX', [read(x, true), axes], options);
      return;
    }
    case 'reshape':
      write(
        'RESHAPE',
        [read(x, true), builder.integers([-1, ...shape])],
        table({ 0: { int32s: [-1, ...shape] } }),
      );
      return;
    case 'transpose':
      write('TRANSPOSE', [read(x, true), builder.integers(operation.permutation)]);
      return;
    case 'concatenate':
      write(
        'CONCATENATION',
        inputs.map((input) => read(input, true)),
        table({ 0: { int32: operation.axis }, 1: { int8: 0 } }),
      );
      return;
    case 'pad': {
      const sides = [0, 0, ...operation.rows, ...operation.columns, 0, 0];
      write('PAD', [read(x, true), builder.integers(sides, [4, 2])]);
      return;
    }
    case 'slice': {
      const begin = builder.integers([0, ...operation.begin]);
      write('SLICE', [read(x, true), begin, builder.integers([-1, ...shape])]);
      return;
    }
    case 'repeat': {
      const size = builder.integers(shape.slice(0, 2));
      const options = table({ 0: { bool: false }, 1: { bool: false } });
      write('RESIZE_NEAREST_NEIGHBOR', [read(x, true), size], options);
      return;
    }
    default:
      unreachable(operation);
  }
}

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

/** TensorFlow Lite has no SELU: λ (1 − α) relu(x) + λ α elu(x), which for x > 0 is λ x (1706.02515). */
function emitSelu(values: Values, id: NodeId, x: NodeId, name: string): void {
  const { builder } = values;
  const { shape } = values.node(id);
  const between = (what: string): TensorIndex =>
    builder.tensor({ name: `${name}_${what}`, type: 'float32', shape: [1, ...shape], batched: true });
  const unfused = table({ 0: { int8: 0 } });
  const part = (operator: 'RELU' | 'ELU', factor: number): TensorIndex => {
    const curve = between(operator);
    builder.operator(operator, 1, [values.float(x)], curve);
    const scaled = between(`${operator}_scaled`);
    const constant = builder.floats(`${name}_${operator}_factor`, Float32Array.of(factor), []);
    builder.operator('MUL', 1, [curve, constant], scaled, unfused);
    return scaled;
  };
  const parts = [part('RELU', seluScale * (1 - seluAlpha)), part('ELU', seluScale * seluAlpha)];
  builder.operator('ADD', 1, parts, values.declare(id, name), unfused);
}
