import { z } from 'zod';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { WeightArray } from '../../weights/weights.ts';
import type { Argument, Call, TensorReference } from './calls.ts';
import { tensorsOf } from './calls.ts';
import type { OperationName } from './operationNames.ts';
import { activationCalled, operationCalled } from './operationNames.ts';
import type { RawConfigObject } from './rawModel.ts';

/** What an operation between layers becomes. */
export type Operation =
  | {
      readonly kind: 'layer';
      readonly className: string;
      readonly config: RawConfigObject;
      readonly inputs: readonly TensorReference[];
      /** Weights that the operation itself states. */
      readonly constants?: Readonly<Record<string, WeightArray>>;
    }
  /** Its input, unchanged. */
  | { readonly kind: 'same'; readonly input: TensorReference }
  /** One channel of an image. */
  | { readonly kind: 'channel'; readonly input: TensorReference; readonly channel: number }
  /** Channels put together again. */
  | { readonly kind: 'stack'; readonly inputs: readonly TensorReference[] };

/**
 * The layer that computes what an operation does (TFOpLambda and SlicingOpLambda of Keras 2, the operations of Keras
 * 3), or null where there is none. Arithmetic with constants becomes Rescaling.
 * @param spelling Keras 2's `function`, or Keras 3's class.
 */
export function layerOfOperation(spelling: string, config: RawConfigObject, call: Call): Operation | null {
  const name = operationCalled(spelling);
  if (name === undefined) return null;
  const settings: RawConfigObject = { ...config };
  for (const [key, argument] of Object.entries(call.keyword))
    if (argument.kind === 'value') settings[key] = argument.value;
  const operands = operandsOf(call);
  const [first] = operands;
  switch (name) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
      return arithmetic(name, operands);
    case 'biasAdd':
      return arithmetic('add', [first, { kind: 'value', value: settings['bias'] ?? null }]);
    case 'stack':
      return settings['axis'] === -1 && first !== undefined
        ? { kind: 'stack', inputs: tensorsOf(first) }
        : null;
    case 'concatenate':
      return first === undefined
        ? null
        : layer('Concatenate', { axis: settings['axis'] ?? -1 }, tensorsOf(first));
    default:
      return first?.kind === 'tensor' ? unary(name, spelling, settings, call, first.tensor) : null;
  }
}

/** The tensors and numbers an operation works on: its positional arguments, then `y` or tensors given by keyword. */
function operandsOf(call: Call): Argument[] {
  const more = Object.entries(call.keyword)
    .filter(([key, argument]) => key === 'y' || argument.kind === 'tensor')
    .map(([, argument]) => argument);
  return [...call.positional, ...more];
}

function unary(
  name: OperationName,
  spelling: string,
  settings: RawConfigObject,
  call: Call,
  input: TensorReference,
): Operation | null {
  switch (name) {
    case 'same':
      return { kind: 'same', input };
    case 'relu':
      return layer('ReLU', {}, [input]);
    case 'relu6':
      return layer('ReLU', { max_value: 6 }, [input]);
    case 'leakyRelu':
      return layer('LeakyReLU', { alpha: settings['alpha'] ?? settings['negative_slope'] ?? 0.2 }, [input]);
    case 'gelu':
      return layer('Activation', { activation: isTanhGelu(spelling, settings) ? 'gelu_tanh' : 'gelu' }, [
        input,
      ]);
    case 'activation':
      return layer('Activation', { activation: activationCalled(spelling) }, [input]);
    case 'softmax':
      return (settings['axis'] ?? -1) === -1 ? layer('Softmax', { axis: -1 }, [input]) : null;
    case 'clip': {
      const lowest = settings['clip_value_min'] ?? settings['x_min'];
      const highest = settings['clip_value_max'] ?? settings['x_max'];
      return lowest === 0 && typeof highest === 'number'
        ? layer('ReLU', { max_value: highest }, [input])
        : null;
    }
    case 'mean':
    case 'max':
      return globalPooling(name, settings, input);
    case 'reshape':
      return reshape(settings['shape'] ?? settings['newshape'], input);
    case 'pad':
      return padding(settings['paddings'] ?? settings['pad_width'], settings, input);
    case 'getItem':
      return getItem(settings['slice_spec'] ?? valueOf(call.positional[1]), input);
    default:
      return null;
  }
}

function layer(className: string, config: RawConfigObject, inputs: readonly TensorReference[]): Operation {
  return { kind: 'layer', className, config, inputs };
}

function valueOf(argument: Argument | undefined): JsonValue {
  return argument?.kind === 'value' ? argument.value : null;
}

const mergingClasses = {
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  maximum: 'Maximum',
  minimum: 'Minimum',
} as const;

type Arithmetic = keyof typeof mergingClasses | 'divide';

function arithmetic(name: Arithmetic, [left, right]: readonly (Argument | undefined)[]): Operation | null {
  if (left === undefined || right === undefined) return null;
  if (left.kind === 'tensor' && right.kind === 'tensor')
    return name === 'divide' ? null : layer(mergingClasses[name], {}, [left.tensor, right.tensor]);
  const tensor = left.kind === 'tensor' ? left.tensor : right.kind === 'tensor' ? right.tensor : null;
  const constant = channelConstant(valueOf(left.kind === 'tensor' ? right : left));
  if (tensor === null || constant === null) return null;
  const rescaling = (scale: JsonValue, offset: JsonValue): Operation =>
    layer('Rescaling', { scale, offset }, [tensor]);
  switch (name) {
    case 'add':
      return rescaling(1, constant);
    case 'subtract':
      return left.kind === 'tensor'
        ? rescaling(
            1,
            each(constant, (value) => -value),
          )
        : rescaling(-1, constant);
    case 'multiply':
      return rescaling(constant, 0);
    case 'divide':
      return left.kind === 'tensor'
        ? rescaling(
            each(constant, (value) => 1 / value),
            0,
          )
        : null;
    default:
      return null;
  }
}

type Constant = number | number[];

function each(constant: Constant, change: (value: number) => number): Constant {
  return typeof constant === 'number' ? change(constant) : constant.map(change);
}

/** A number, or one for each channel, whatever dimensions of one are around them. */
function channelConstant(value: JsonValue): Constant | null {
  let inner = value;
  while (Array.isArray(inner) && inner.length === 1) inner = inner[0] ?? null;
  if (typeof inner === 'number') return inner;
  const numbers = z.array(z.number()).min(1).safeParse(inner);
  return numbers.success ? numbers.data : null;
}

/** TensorFlow's is exact unless told, Keras 3's approximate. */
function isTanhGelu(spelling: string, settings: RawConfigObject): boolean {
  return (settings['approximate'] ?? spelling === 'Gelu') === true;
}

function globalPooling(
  name: 'mean' | 'max',
  settings: RawConfigObject,
  input: TensorReference,
): Operation | null {
  const axes = z.array(z.number().int()).safeParse(settings['axis']);
  const spatial = axes.success && axes.data.map((axis) => (axis < 0 ? axis + 4 : axis)).join() === '1,2';
  if (!spatial) return null;
  const config = { data_format: 'channels_last', keepdims: settings['keepdims'] === true };
  return layer(name === 'mean' ? 'GlobalAveragePooling2D' : 'GlobalMaxPooling2D', config, [input]);
}

function reshape(shape: JsonValue | undefined, input: TensorReference): Operation | null {
  const lengths = z.array(z.number().int()).min(2).safeParse(shape);
  return lengths.success ? layer('Reshape', { target_shape: lengths.data.slice(1) }, [input]) : null;
}

const span = z.tuple([z.number().int().min(0), z.number().int().min(0)]);
const none = z.tuple([z.literal(0), z.literal(0)]);

function padding(
  value: JsonValue | undefined,
  settings: RawConfigObject,
  input: TensorReference,
): Operation | null {
  const borders = z.tuple([none, span, span, none]).safeParse(value);
  const mode = settings['mode'] ?? 'constant';
  const fill = settings['constant_values'] ?? 0;
  if (!borders.success || fill !== 0 || typeof mode !== 'string' || mode.toLowerCase() !== 'constant')
    return null;
  return layer('ZeroPadding2D', { padding: borders.data.slice(1, 3) }, [input]);
}

const ellipsis = z.object({ class_name: z.literal('__ellipsis__') });
const reversed = z.object({ start: z.null(), stop: z.null(), step: z.literal(-1) });
const reversal = z.tuple([
  ellipsis,
  z.union([reversed, z.object({ config: reversed }).transform(() => null)]),
]);
const oneChannel = z.tuple([ellipsis, z.number().int().min(0).max(2)]);

/** `x[..., ::-1]` turns RGB into BGR, and `x[..., 1]` is one channel; Keras's preprocessing needs no others. */
function getItem(spec: JsonValue, input: TensorReference): Operation | null {
  if (reversal.safeParse(spec).success) return permuteChannels([2, 1, 0], input);
  const channel = oneChannel.safeParse(spec);
  return channel.success ? { kind: 'channel', input, channel: channel.data[1] } : null;
}

/** Channels in another order, as a 1 × 1 convolution: Keras has no layer for it. */
export function permuteChannels(order: readonly number[], input: TensorReference): Operation {
  const channels = order.length;
  const data = new Float32Array(channels * channels);
  for (const [to, from] of order.entries()) data[from * channels + to] = 1;
  const config = { filters: channels, kernel_size: [1, 1], use_bias: false, trainable: false };
  const kernel = { shape: [1, 1, channels, channels], data };
  return { kind: 'layer', className: 'Conv2D', config, inputs: [input], constants: { kernel } };
}
