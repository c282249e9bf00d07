import type { NodeId, Operation } from '../lowering/graph.ts';
import { table } from './flatbuffer.ts';
import type { TensorIndex } from './modelBuilder.ts';
import { bytesOf } from './modelBuilder.ts';
import type { OperatorName } from './schema.ts';
import { fusedActivations, operators, paddings } from './schema.ts';
import type { KernelLayout, Values } from './values.ts';
import { quantizeKernel } from './values.ts';

export type Weighted = Extract<Operation, { op: 'conv2d' | 'depthwise' | 'dense' }>;

/** How kernels are kept. `hybrid`: int8 weights on floats (dynamic range); `whole`: int8 throughout. */
export type KernelStorage = 'float32' | 'float16' | 'hybrid' | 'whole';

/** Kernels smaller than this stay floats, as TensorFlow's converter leaves them. */
const leastQuantized = 1024;

const operatorOf = {
  conv2d: 'CONV_2D',
  depthwise: 'DEPTHWISE_CONV_2D',
  dense: 'FULLY_CONNECTED',
} as const satisfies Readonly<Record<Weighted['op'], OperatorName>>;

/** Versions of the operators for int8 weights on floats. */
const hybridVersions: Readonly<Record<Weighted['op'], number>> = { conv2d: 5, depthwise: 6, dense: 3 };

/** Adds a convolution or fully connected layer. */
export function emitWeighted(
  values: Values,
  id: NodeId,
  operation: Weighted,
  storage: KernelStorage,
  name: string,
): void {
  const { builder } = values;
  const { inputs, layer, precise } = values.node(id);
  const [x = 0] = inputs;
  const whole = values.held(id) !== null;
  const kernel = layoutOf(operation);
  const operator = operatorOf[operation.op];
  // A runtime rounds the inputs of int8 weights, too.
  const kept = precise ? 'float32' : storage;
  const hybrid = !whole && kept === 'hybrid' && kernel.data.length >= leastQuantized;
  const input = whole ? values.whole(x) : values.float(x);
  const { weights, scales } = weightTensor(
    values,
    kernel,
    whole ? 'whole' : kept,
    hybrid,
    `${layer}/kernel_${id}`,
  );
  const bias = operation.bias ?? new Float32Array(kernel.shape[kernel.axis] ?? 1);
  const summand = whole
    ? wholeBias(values, bias, values.affine(x).scale, scales, `${layer}/bias_${id}`)
    : builder.floats(`${layer}/bias_${id}`, bias, [bias.length]);
  const [floatVersion, wholeVersion] = operators[operator].versions;
  const version = whole ? wholeVersion : hybrid ? hybridVersions[operation.op] : floatVersion;
  const output = values.declare(id, name);
  builder.operator(operator, version, [input, weights, summand], output, optionsOf(operation));
}

/** Keras's layouts to TensorFlow Lite's: filters first, or, for depthwise, all channels last. */
function layoutOf({ op, kernel }: Weighted): KernelLayout {
  const { shape, data } = kernel;
  if (op === 'depthwise') {
    const [rows = 1, columns = 1, channels = 1, multiplier = 1] = shape;
    return { shape: [1, rows, columns, channels * multiplier], data, axis: 3, perChannel: true };
  }
  const outputs = shape.at(-1) ?? 1;
  const each = data.length / outputs;
  const turned = new Float32Array(data.length);
  for (let row = 0; row < each; row += 1)
    for (let output = 0; output < outputs; output += 1)
      turned[output * each + row] = data[row * outputs + output] ?? 0;
  return { shape: [outputs, ...shape.slice(0, -1)], data: turned, axis: 0, perChannel: op === 'conv2d' };
}

function weightTensor(
  values: Values,
  kernel: KernelLayout,
  storage: KernelStorage,
  hybrid: boolean,
  name: string,
): { weights: TensorIndex; scales: Float32Array } {
  const { builder } = values;
  const { shape, data, axis } = kernel;
  const none = new Float32Array(0);
  if (storage === 'float16') {
    const halves = builder.halves(`${name}_half`, data, shape);
    const weights = builder.tensor({ name, type: 'float32', shape });
    builder.operator('DEQUANTIZE', operators.DEQUANTIZE.versions[0], [halves], weights);
    return { weights, scales: none };
  }
  if (storage !== 'whole' && !hybrid) return { weights: builder.floats(name, data, shape), scales: none };
  const { whole, scales } = quantizeKernel(kernel);
  const quantization = { scales: [...scales], zeroPoints: [...scales].map(() => 0), axis };
  return {
    weights: builder.tensor({ name, type: 'int8', shape, data: bytesOf(whole), quantization }),
    scales,
  };
}

/** int32 in units of input scale × weight scale. */
function wholeBias(
  { builder }: Values,
  bias: Float32Array,
  inputScale: number,
  scales: Float32Array,
  name: string,
): TensorIndex {
  const units = [...bias].map((_, index) => inputScale * (scales[scales.length === 1 ? 0 : index] ?? 1));
  const limit = 2 ** 31 - 1;
  const data = Int32Array.from(bias, (value, index) =>
    Math.max(-limit, Math.min(limit, Math.round(value / (units[index] ?? 1)))),
  );
  const own = scales.length === 1 ? units.slice(0, 1) : units;
  const quantization = { scales: own, zeroPoints: own.map(() => 0), axis: 0 };
  return builder.tensor({ name, type: 'int32', shape: [bias.length], data: bytesOf(data), quantization });
}

function optionsOf(operation: Weighted) {
  const activation = { int8: fusedActivations[operation.fused] };
  if (operation.op === 'dense') return table({ 0: activation, 1: { int8: 0 }, 2: { bool: false } });
  const padding = { int8: paddings[operation.padding] };
  if (operation.op === 'depthwise')
    return table({
      0: padding,
      1: { int32: operation.stride },
      2: { int32: operation.stride },
      3: { int32: operation.kernel.shape[3] ?? 1 },
      4: activation,
      5: { int32: 1 },
      6: { int32: 1 },
    });
  return table({
    0: padding,
    1: { int32: operation.strides[1] },
    2: { int32: operation.strides[0] },
    3: activation,
    4: { int32: operation.dilations[1] },
    5: { int32: operation.dilations[0] },
  });
}
