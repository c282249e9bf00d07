import type { LoweredGraph, NodeId, Operation } from '../lowering/graph.ts';

/** How a value is held as int8: value = (whole − zeroPoint) × scale, whole from −128 to 127. */
export interface Affine {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** What was seen of a node's values. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Operations computed in whole numbers; the others between DEQUANTIZE and QUANTIZE. */
const whole: ReadonlySet<Operation['op']> = new Set<Operation['op']>([
  'conv2d',
  'depthwise',
  'dense',
  'add',
  'subtract',
  'multiply',
  'maximum',
  'minimum',
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'leakyRelu',
  'maxPool',
  'averagePool',
  'mean',
  'max',
  'reshape',
  'transpose',
  'concatenate',
  'pad',
  'slice',
  'repeat',
]);

/** Operations that move values without changing them: TensorFlow Lite wants input and output held alike. */
const moving: ReadonlySet<Operation['op']> = new Set<Operation['op']>([
  'maxPool',
  'averagePool',
  'max',
  'reshape',
  'transpose',
  'pad',
  'slice',
  'repeat',
]);

/** Operations before the first layer: scaling of the pixels, kept in floats because it costs nothing and loses nothing. */
const scaling: ReadonlySet<Operation['op']> = new Set<Operation['op']>([
  'add',
  'subtract',
  'multiply',
  'slice',
  'concatenate',
]);

/** int8 for a range, zero held exactly (Jacob et al. 2018, 1712.05877, section 3). */
export function affineOf({ low, high }: Range): Affine {
  const from = Math.min(low, 0);
  const to = Math.max(high, 0);
  if (from === to) return { scale: 1, zeroPoint: 0 };
  const scale = (to - from) / 255;
  return { scale, zeroPoint: Math.max(-128, Math.min(127, Math.round(-128 - from / scale))) };
}

/**
 * For each node how its value is held: as int8, or null for floats. The softmax at the end stays in floats, so that
 * probabilities are finer than 1/256.
 */
export function planQuantization(graph: LoweredGraph, ranges: ReadonlyMap<NodeId, Range>): (Affine | null)[] {
  const plan: (Affine | null)[] = [];
  /** Whether a node is only pixels, scaled. */
  const pixels: boolean[] = [];
  for (const [id, { operation, inputs, precise }] of graph.nodes.entries()) {
    const variable = inputs.filter((input) => graph.nodes[input]?.operation.op !== 'constant');
    const ofPixels =
      operation.op === 'image' ||
      (scaling.has(operation.op) && variable.length > 0 && variable.every((input) => pixels[input] === true));
    pixels.push(ofPixels);
    const range = ranges.get(id);
    if (ofPixels || precise || range === undefined || !whole.has(operation.op)) plan.push(null);
    else if (operation.op === 'sigmoid') plan.push({ scale: 1 / 256, zeroPoint: -128 });
    else if (operation.op === 'tanh') plan.push({ scale: 1 / 128, zeroPoint: 0 });
    else if (moving.has(operation.op))
      plan.push(plan[inputs[0] ?? 0] ?? affineOf(ranges.get(inputs[0] ?? 0) ?? range));
    else if (operation.op === 'concatenate' || operation.op === 'maximum' || operation.op === 'minimum')
      plan.push(affineOf(union([range, ...variable.flatMap((input) => ranges.get(input) ?? [])])));
    else plan.push(affineOf(range));
  }
  return plan;
}

function union(ranges: readonly Range[]): Range {
  return {
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high)),
  };
}
