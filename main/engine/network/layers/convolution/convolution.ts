import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { WeightSpec } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { kernelsOf } from '../../../runtime/kernels/kernels.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { padSame } from './padSame.ts';
import { activate } from '../activation/activations.ts';
import type { ActivationName } from '../activation/activations.ts';
import { activationName, channelsLast, imageInput, padding, pair, slide2d } from '../config.ts';
import type { Inference, LayerCall, Shape } from '../layerKind.ts';
import { layerKind, onlyInput } from '../layerKind.ts';

/** What the configurations of all convolutions have. */
export const window = {
  kernel_size: pair,
  strides: pair.default([1, 1]),
  padding: padding.default('valid'),
  dilation_rate: pair.default([1, 1]),
  data_format: channelsLast,
  activation: activationName,
  use_bias: z.boolean().default(true),
};

/** Configuration of Conv2D. */
export const convolutionConfig = z.object({
  ...window,
  filters: z.number().int().positive(),
  groups: z
    .number()
    .int()
    .positive()
    .nullish()
    .transform((groups) => groups ?? 1),
});
/** Configuration of DepthwiseConv2D. */
export const depthwiseConfig = z.object({
  ...window,
  depth_multiplier: z.number().int().positive().default(1),
});
/** Configuration of SeparableConv2D. */
export const separableConfig = z.object({
  ...window,
  filters: z.number().int().positive(),
  depth_multiplier: z.number().int().positive().default(1),
});

type Window = z.infer<typeof convolutionConfig> | z.infer<typeof depthwiseConfig>;

/** Keras Conv2D: kernel [height, width, in / groups, filters]. */
export const conv2d = layerKind({
  config: convolutionConfig,
  infer(config, inputs) {
    const { groups, filters } = config;
    const channels = inputs[0]?.at(-1) ?? 1;
    if (channels % groups !== 0 || filters % groups !== 0)
      return err(`${channels} channels and ${filters} filters do not fall into ${groups} groups`);
    return inferWindow(config, inputs, filters, () => [
      { name: 'kernel', shape: [...config.kernel_size, channels / groups, filters] },
    ]);
  },
  compute(config, call) {
    const { tf } = call;
    const kernel = scaled(call, call.weight('kernel'));
    const x = onlyInput(call) as Tensor4D;
    const spread = dilate(tf, kernel, config.dilation_rate);
    const value = config.groups === 1 ? whole(tf, x, spread, config) : grouped(tf, x, spread, config);
    return finish(config, call, value);
  },
  takesScale: isLinear,
});

function whole(tf: Tf, x: Tensor4D, kernel: Tensor4D, { strides, padding }: Window): Tensor4D {
  const isPointwise = [...kernel.shape.slice(0, 2), ...strides].every((size) => size === 1);
  return isPointwise ? kernelsOf(tf).pointwise(x, kernel) : tf.conv2d(x, kernel, [...strides], padding);
}

/** Each group of channels has filters of its own; with one channel a group that is a depthwise convolution. */
function grouped(tf: Tf, x: Tensor4D, kernel: Tensor4D, config: z.infer<typeof convolutionConfig>): Tensor4D {
  const { groups, strides, padding } = config;
  const [height, width, , filters] = kernel.shape;
  if (x.shape[3] === groups)
    return depthwiseWithStrides(tf, x, tf.reshape(kernel, [height, width, groups, filters / groups]), config);
  const kernels = tf.split<Tensor4D>(kernel, groups, 3);
  const parts = tf.split<Tensor4D>(x, groups, 3).map((part, index) => {
    const own = kernels[index];
    if (own === undefined) throw new Error('A group has no kernel');
    return tf.conv2d<Tensor4D>(part, own, [...strides], padding);
  });
  return tf.concat(parts, 3);
}

/** Keras DepthwiseConv2D: depthwise_kernel [height, width, in, multiplier]. */
export const depthwiseConv2d = layerKind({
  config: depthwiseConfig,
  infer: (config, inputs) =>
    inferWindow(config, inputs, null, (channels) => [
      { name: 'depthwise_kernel', shape: [...config.kernel_size, channels, config.depth_multiplier] },
    ]),
  compute(config, call) {
    const kernel = scaled(call, call.weight('depthwise_kernel'));
    return finish(config, call, depthwiseStep(config, call, kernel));
  },
  takesScale: isLinear,
});

/** Keras SeparableConv2D: depthwise_kernel, then pointwise_kernel [1, 1, in × multiplier, filters]. */
export const separableConv2d = layerKind({
  config: separableConfig,
  infer: (config, inputs) =>
    inferWindow(config, inputs, config.filters, (channels) => [
      { name: 'depthwise_kernel', shape: [...config.kernel_size, channels, config.depth_multiplier] },
      { name: 'pointwise_kernel', shape: [1, 1, channels * config.depth_multiplier, config.filters] },
    ]),
  compute(config, call) {
    const pointwise = scaled(call, call.weight('pointwise_kernel'));
    const depthwise = depthwiseStep(config, call, call.weight('depthwise_kernel') as Tensor4D);
    return finish(config, call, kernelsOf(call.tf).pointwise(depthwise, pointwise));
  },
  takesScale: isLinear,
});

function inferWindow(
  config: Window & { depth_multiplier?: number },
  inputs: readonly Shape[],
  filters: number | null,
  kernels: (channels: number) => WeightSpec[],
): Result<Inference, string> {
  const image = imageInput(inputs);
  if (!image.ok) return image;
  const [rows, columns] = config.dilation_rate;
  if (Math.max(rows, columns) > 1 && Math.max(...config.strides) > 1)
    return err('strides and dilation together are not supported, as in Keras');
  const reach = [(config.kernel_size[0] - 1) * rows + 1, (config.kernel_size[1] - 1) * columns + 1] as const;
  const size = slide2d(image.value, reach, config.strides, config.padding);
  if (!size.ok) return size;
  const channels = filters ?? image.value[2] * (config.depth_multiplier ?? 1);
  const weights = kernels(image.value[2]);
  if (config.use_bias) weights.push({ name: 'bias', shape: [channels] });
  return ok({ outputShape: [...size.value, channels], weights });
}

function isLinear({ activation }: { activation: ActivationName }): boolean {
  return activation === 'linear';
}

/** A kernel [h, w, a, b] with a following scale multiplied in: its channels are b, or a × b for a depthwise one. */
function scaled({ tf, scaledBy }: LayerCall, kernel: Tensor): Tensor4D {
  if (scaledBy === null) return kernel as Tensor4D;
  const [, , a = 1, b = 1] = kernel.shape;
  const perChannel = scaledBy.scale.size === b ? scaledBy.scale : tf.reshape(scaledBy.scale, [a, b]);
  return tf.mul(kernel, perChannel);
}

function depthwiseStep(config: Window, call: LayerCall, kernel: Tensor4D): Tensor4D {
  const spread = dilate(call.tf, kernel, config.dilation_rate);
  return depthwiseWithStrides(call.tf, onlyInput(call) as Tensor4D, spread, config);
}

/**
 * TensorFlow's depthwise kernel wants equal strides; unequal ones are computed with stride 1 over the padding
 * that the real strides ask for, and thinned out by a max pool of window 1.
 */
function depthwiseWithStrides(tf: Tf, x: Tensor4D, kernel: Tensor4D, config: Window): Tensor4D {
  const [down, right] = config.strides;
  if (down === right) return tf.depthwiseConv2d(x, kernel, down, config.padding);
  const padded = config.padding === 'same' ? padSame(tf, x, config.kernel_size, config.strides) : x;
  return tf.maxPool(tf.depthwiseConv2d(padded, kernel, 1, 'valid'), 1, [down, right], 'valid');
}

/**
 * Spreads a kernel's taps apart with zeros. tfjs has no gradient for dilated convolutions; the spread kernel is the
 * same convolution and has one.
 */
export function dilate(tf: Tf, kernel: Tensor4D, [down, right]: readonly [number, number]): Tensor4D {
  if (down === 1 && right === 1) return kernel;
  const [height, width, input, output] = kernel.shape;
  const rows = tf.pad(tf.reshape(kernel, [height, 1, width * input * output]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
  ]);
  const tall = tf.slice(tf.reshape(rows, [height * down, width, input * output]), 0, (height - 1) * down + 1);
  const tallHeight = (height - 1) * down + 1;
  const columns = tf.pad(tf.reshape(tall, [tallHeight, width, 1, input * output]), [
    [0, 0],
    [0, 0],
    [0, right - 1],
    [0, 0],
  ]);
  const wide = tf.reshape(columns, [tallHeight, width * right, input, output]);
  return tf.slice(wide, [0, 0, 0, 0], [tallHeight, (width - 1) * right + 1, input, output]) as Tensor4D;
}

/** Adds the bias, with a following scale's shift, and activates. */
export function finish(
  config: { use_bias: boolean; activation: ActivationName },
  call: LayerCall,
  value: Tensor,
): Tensor {
  const { tf, scaledBy } = call;
  const own = config.use_bias ? call.weight('bias') : null;
  const bias =
    scaledBy === null
      ? own
      : own === null
        ? scaledBy.shift
        : tf.add(tf.mul(own, scaledBy.scale), scaledBy.shift);
  const biased = bias === null ? value : kernelsOf(tf).addBias(value, bias);
  return call.activate ? activate(tf, config.activation, biased) : biased;
}
