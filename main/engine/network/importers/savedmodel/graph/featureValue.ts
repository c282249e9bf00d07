import type { FrozenNode } from './freeze.ts';

/** Operations that only store, shape or normalise what the classifier gives. */
const around = new Set([
  'Identity',
  'Reshape',
  'Squeeze',
  'ExpandDims',
  'Cast',
  'StopGradient',
  'EnsureShape',
]);
const biases = new Set(['BiasAdd', 'Add', 'AddV2', 'Mul', 'RealDiv']);
const probabilities = new Set(['Softmax', 'LogSoftmax', 'Sigmoid']);
const poolings = new Set(['Mean', 'AvgPool', 'Max', 'MaxPool', 'MaxPoolV2']);
const activations = new Set(['Relu', 'Relu6', 'FusedBatchNormV3', 'FusedBatchNorm', 'BiasAdd']);

/**
 * The value that serves as features: what the last weighted operation reads, if nothing but a bias, a softmax or a change
 * of shape comes behind it; else the output. What was flattened for the classifier is given as the image it was. A
 * classifying convolution before the pooling is told from a network without a classifier by the softmax behind it.
 */
export function featureValueOf(nodes: readonly FrozenNode[], output: string): string {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const at = (reference: string): FrozenNode | undefined => byName.get(reference.replace(/:\d+$/, ''));
  const isConstant = (reference: string): boolean => {
    let node = at(reference);
    for (let steps = 0; node?.op === 'Identity' && steps < 8; steps += 1) node = at(node.input[0] ?? '');
    return node?.op === 'Const';
  };
  const isPointwise = (node: FrozenNode): boolean => node.op === 'Conv2D' && isConstant(node.input[1] ?? '');
  const beforeShaping = (reference: string): string => {
    let value = reference;
    for (let node = at(value); node !== undefined && around.has(node.op); node = at(value)) {
      const before = node.input[0] ?? '';
      if (at(before) === undefined || isConstant(before)) break;
      value = before;
    }
    return value;
  };
  const beforePooled = (reference: string): string => {
    let value = reference;
    for (let node = at(value); node !== undefined; node = at(value)) {
      if (isPointwise(node)) return beforeShaping(node.input[0] ?? '');
      if (!activations.has(node.op) && !around.has(node.op)) return output;
      value = node.input[0] ?? '';
    }
    return output;
  };
  let softmax = false;
  const seen = new Set<string>();
  for (let value = output; !seen.has(value);) {
    seen.add(value);
    const node = at(value);
    const [data = '', other = ''] = node?.input ?? [];
    if (node === undefined) return output;
    if (around.has(node.op)) value = data;
    else if (probabilities.has(node.op)) {
      softmax = true;
      value = data;
    } else if (biases.has(node.op)) {
      if (isConstant(data) === isConstant(other)) return output;
      value = isConstant(data) ? other : data;
    } else if (node.op === 'MatMul') return isConstant(other) ? beforeShaping(data) : output;
    else if (isPointwise(node)) {
      const pooled = at(beforeShaping(data));
      return pooled !== undefined && poolings.has(pooled.op) ? beforeShaping(data) : output;
    } else if (poolings.has(node.op)) return softmax ? beforePooled(data) : output;
    else return output;
  }
  return output;
}
