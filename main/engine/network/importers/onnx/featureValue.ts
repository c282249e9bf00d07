import type { OnnxNode } from '../../onnx/messages.ts';
import type { OnnxValues } from './walk.ts';

/** Operations that only store, shape or normalise what the classifier gives. */
const around = new Set([
  'Identity',
  'Cast',
  'Dropout',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Reshape',
  'QuantizeLinear',
  'DequantizeLinear',
]);
const probabilities = new Set(['Softmax', 'LogSoftmax', 'Sigmoid']);
const poolings = new Set(['GlobalAveragePool', 'AveragePool', 'ReduceMean', 'GlobalMaxPool']);
const activations = new Set(['Relu', 'Clip', 'BatchNormalization', 'LeakyRelu', 'HardSwish']);

/**
 * The value that serves as features: what the last weighted layer reads, if the model ends in a classifier, that is in
 * weights with nothing but a bias, a softmax or a change of shape behind them; else the output. What was flattened for
 * the classifier is given as the image it was. SqueezeNet and its kind classify by a convolution before the pooling,
 * which only a softmax behind it tells from a network without a classifier.
 */
export function featureValueOf(values: OnnxValues, output: string): string {
  let softmax = false;
  const seen = new Set<string>();
  for (let value = output; !seen.has(value);) {
    seen.add(value);
    const node = values.producer(value);
    if (node === undefined) return output;
    const [data = ''] = node.input;
    if (around.has(node.op_type)) value = data;
    else if (probabilities.has(node.op_type)) {
      softmax = true;
      value = data;
    } else if (node.op_type === 'Add' || node.op_type === 'Mul' || node.op_type === 'Div') {
      const rest = node.input.filter((input) => values.constant(input) === null);
      if (rest.length !== 1) return output;
      value = rest[0] ?? '';
    } else if (isDense(node, values)) return beforeShaping(values, data);
    else if (isPointwise(node, values)) return isPooled(values, data) ? beforeShaping(values, data) : output;
    else if (poolings.has(node.op_type))
      return softmax ? beforePooledClassifier(values, data, output) : output;
    else return output;
  }
  return output;
}

function isDense({ op_type: op, input }: OnnxNode, values: OnnxValues): boolean {
  return (op === 'Gemm' || op === 'MatMul') && values.constant(input[1]) !== null;
}

function isPointwise({ op_type: op, input }: OnnxNode, values: OnnxValues): boolean {
  if (op !== 'Conv') return false;
  const kernel = values.constant(input[1]);
  return kernel !== null && kernel.dims.slice(2).every((length) => Number(length) === 1);
}

/** Back through what made a vector of an image. */
function beforeShaping(values: OnnxValues, value: string): string {
  let at = value;
  for (
    let node = values.producer(at);
    node !== undefined && around.has(node.op_type);
    node = values.producer(at)
  ) {
    const before = node.input[0] ?? '';
    if (!values.has(before)) break;
    at = before;
  }
  return at;
}

function isPooled(values: OnnxValues, value: string): boolean {
  const node = values.producer(beforeShaping(values, value));
  return node !== undefined && poolings.has(node.op_type);
}

function beforePooledClassifier(values: OnnxValues, value: string, output: string): string {
  let at = value;
  for (let node = values.producer(at); node !== undefined; node = values.producer(at)) {
    if (isPointwise(node, values)) return beforeShaping(values, node.input[0] ?? '');
    if (!activations.has(node.op_type) && !around.has(node.op_type)) return output;
    at = node.input[0] ?? '';
  }
  return output;
}

const channelsFirstOperations =
  /^(Conv|ConvTranspose|ConvInteger|QLinearConv|\w*Pool|BatchNormalization|InstanceNormalization)$/;

/** Which axis of a value of four axes its channels are at: convolutions keep them first, unless a transposition moved them. */
export function channelAxisOf(values: OnnxValues, value: string): 1 | 3 {
  let at = value;
  for (let steps = 0; steps < 64; steps += 1) {
    const node = values.producer(at);
    if (node === undefined || channelsFirstOperations.test(node.op_type)) return 1;
    if (node.op_type === 'Transpose') {
      const order = node.attribute
        .find(({ name }) => name === 'perm')
        ?.ints.map(Number)
        .join();
      return order === '0,2,3,1' ? 3 : 1;
    }
    at = node.input.find((input) => values.has(input) && values.constant(input) === null) ?? '';
  }
  return 1;
}
