import type { Binding } from '../../addon/binding.ts';
import type { Shape, Window } from './arithmetic.ts';
import {
  broadcast,
  concatenated,
  multiplied,
  padded,
  reduced,
  resolved,
  slid,
  sliced,
} from './arithmetic.ts';

/** A tensor of which there is the shape and the type (a DataType number), and of a constant also the values. */
export interface KnownTensor {
  readonly shape: Shape;
  readonly dtype: number;
  readonly values?: ArrayLike<number>;
}

type Attributes = ReadonlyMap<string, unknown>;
type Types = Pick<Binding, 'TF_FLOAT' | 'TF_INT32' | 'TF_BOOL'>;

/** What an operation gives, from its inputs and attributes: the shape functions of tensorflow/core/ops. */
export type ShapeRule = (
  inputs: readonly KnownTensor[],
  attributes: Attributes,
  types: Types,
) => Pick<KnownTensor, 'shape' | 'dtype'>[];

/** An operation whose shapes are not known without computing. */
export class NoShapeRule extends Error {}

/** The rules by operation. Others can be recorded only by computing them. */
export const rules: ReadonlyMap<string, ShapeRule> = new Map([
  ...named(
    'Abs AddN BiasAdd Ceil Cos Elu EluGrad Erf Exp Expm1 Floor Identity LeakyRelu Log Log1p MaxPoolGrad Neg OnesLike',
    like(0),
  ),
  ...named(
    'Reciprocal Relu Relu6 Relu6Grad ReluGrad ReverseV2 Round Rsqrt Selu Sigmoid SigmoidGrad Sign Sin Softmax Softplus Sqrt',
    like(0),
  ),
  ...named('Square Tanh TanhGrad ZerosLike', like(0)),
  ...named(
    'Add AddV2 FloorDiv FloorMod Maximum Minimum Mul Pow RealDiv SquaredDifference Sub',
    shaped(([a, b]) => broadcast(shapeOf(a), shapeOf(b))),
  ),
  ...named(
    'Equal Greater GreaterEqual IsFinite IsInf IsNan Less LessEqual LogicalAnd LogicalNot LogicalOr NotEqual',
    ([a, b = a], _, { TF_BOOL }) => [{ shape: broadcast(shapeOf(a), shapeOf(b)), dtype: TF_BOOL }],
  ),
  ...named(
    'Max Mean Min Prod Sum',
    shaped(([x, axes], attributes) =>
      reduced(shapeOf(x), numbers(axes), attributes.get('keep_dims') === true),
    ),
  ),
  ...named(
    'AvgPool MaxPool',
    shaped(([x], attributes) => {
      const size = attributes.get('ksize') as number[];
      return slid(shapeOf(x), size.slice(1, 3), windowOf(attributes), shapeOf(x).at(-1) ?? 1);
    }),
  ),
  [
    'ArgMax',
    ([x, axis], _, { TF_INT32 }) => [{ shape: reduced(shapeOf(x), numbers(axis), false), dtype: TF_INT32 }],
  ],
  ['AvgPoolGrad', ([size, dy]) => [{ shape: numbers(size), dtype: typeOf(dy) }]],
  ['BatchMatMulV2', product('adj_x', 'adj_y')],
  ['BiasAddGrad', shaped(([dy]) => shapeOf(dy).slice(-1))],
  ['Cast', ([x], attributes) => [{ shape: shapeOf(x), dtype: attributes.get('DstT') as number }]],
  [
    'ConcatV2',
    shaped((inputs) => {
      const [axis = 0] = numbers(inputs.at(-1));
      return concatenated(inputs.slice(0, -1).map(shapeOf), axis);
    }),
  ],
  [
    'Conv2D',
    shaped(([x, kernel], attributes) => {
      const [height = 1, width = 1, , filters = 1] = shapeOf(kernel);
      return slid(shapeOf(x), [height, width], windowOf(attributes), filters);
    }),
  ],
  [
    'DepthwiseConv2dNative',
    shaped(([x, kernel], attributes) => {
      const [height = 1, width = 1, channels = 1, multiplier = 1] = shapeOf(kernel);
      return slid(shapeOf(x), [height, width], windowOf(attributes), channels * multiplier);
    }),
  ],
  ...named('Conv2DBackpropFilter DepthwiseConv2dNativeBackpropFilter', ([x, size]) => [
    { shape: numbers(size), dtype: typeOf(x) },
  ]),
  ...named('Conv2DBackpropInput DepthwiseConv2dNativeBackpropInput', ([size, kernel]) => [
    { shape: numbers(size), dtype: typeOf(kernel) },
  ]),
  ['Fill', ([size, value]) => [{ shape: numbers(size), dtype: typeOf(value) }]],
  ['FusedBatchNormV3', normalized(4, 1)],
  ['FusedBatchNormGradV3', normalized(2, 2)],
  ['MatMul', product('transpose_a', 'transpose_b')],
  [
    'Pack',
    shaped((inputs, attributes) =>
      shapeOf(inputs[0]).toSpliced(attributes.get('axis') as number, 0, inputs.length),
    ),
  ],
  ['PadV2', shaped(([x, paddings]) => padded(shapeOf(x), numbers(paddings)))],
  ['Reshape', shaped(([x, size]) => resolved(shapeOf(x), numbers(size)))],
  ['Select', like(1)],
  ['Slice', shaped(([x, begins, sizes]) => sliced(shapeOf(x), numbers(begins), numbers(sizes)))],
  [
    'SplitV',
    ([x, sizes, axis]) => {
      const [along = 0] = numbers(axis);
      const shape = shapeOf(x);
      return numbers(sizes).map((length) => ({ shape: shape.with(along, length), dtype: typeOf(x) }));
    },
  ],
  [
    'StatelessRandomUniform',
    ([size], attributes) => [{ shape: numbers(size), dtype: attributes.get('dtype') as number }],
  ],
  ['Tile', shaped(([x, times]) => numbers(times).map((count, axis) => count * (shapeOf(x)[axis] ?? 1)))],
  ['Transpose', shaped(([x, order]) => numbers(order).map((axis) => shapeOf(x)[axis] ?? 1))],
]);

function named(names: string, rule: ShapeRule): [string, ShapeRule][] {
  return names.split(' ').map((name) => [name, rule]);
}

/** Shape and type of an input. */
function like(input: number): ShapeRule {
  return (inputs) => [{ shape: shapeOf(inputs[input]), dtype: typeOf(inputs[input]) }];
}

/** A shape of its own, and the first input's type. */
function shaped(rule: (inputs: readonly KnownTensor[], attributes: Attributes) => Shape): ShapeRule {
  return (inputs, attributes) => [{ shape: rule(inputs, attributes), dtype: typeOf(inputs[0]) }];
}

function product(turnFirst: string, turnSecond: string): ShapeRule {
  return shaped(([a, b], attributes) =>
    multiplied(shapeOf(a), shapeOf(b), [
      attributes.get(turnFirst) === true,
      attributes.get(turnSecond) === true,
    ]),
  );
}

/** Images, then so many times a number for each channel; what only a GPU uses is empty. */
function normalized(perChannel: number, empty: number): ShapeRule {
  return ([x]) => {
    const channels = Array.from({ length: perChannel }, () => shapeOf(x).slice(-1));
    const nothing = Array.from({ length: empty }, () => [0]);
    return [shapeOf(x), ...channels, ...nothing].map((shape) => ({ shape, dtype: typeOf(x) }));
  };
}

function shapeOf(tensor: KnownTensor | undefined): Shape {
  if (tensor === undefined) throw new NoShapeRule('An operation lacks an input');
  return tensor.shape;
}

function typeOf(tensor: KnownTensor | undefined): number {
  if (tensor === undefined) throw new NoShapeRule('An operation lacks an input');
  return tensor.dtype;
}

/** The values of an input that has to be a constant. */
function numbers(tensor: KnownTensor | undefined): number[] {
  if (tensor?.values === undefined) throw new NoShapeRule('A shape depends on what is computed');
  return Array.from(tensor.values);
}

/** Strides and dilations of height and width. */
function windowOf(attributes: Attributes): Window {
  const ofImage = (name: string): number[] =>
    ((attributes.get(name) ?? [1, 1, 1, 1]) as number[]).slice(1, 3);
  const padding = attributes.get('padding');
  if (padding !== 'SAME' && padding !== 'VALID') throw new NoShapeRule('Padding is written out');
  return { strides: ofImage('strides'), dilations: ofImage('dilations'), padding };
}
