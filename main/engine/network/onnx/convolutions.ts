import type { z } from 'zod';
import type { Layer } from '../../../../shared/domain/network.ts';
import { convolutionConfig, depthwiseConfig, separableConfig } from '../layers/convolution/convolution.ts';
import { transposedAxes, transposedConfig } from '../layers/convolution/transposed.ts';
import { denseConfig } from '../layers/dense.ts';
import { zeroPadding2dConfig } from '../layers/shaping.ts';
import { samePadding } from '../layers/convolution/padSame.ts';
import type { WeightArray } from '../weights/weights.ts';
import type { Emission } from './emission.ts';
import { emitActivation, fromKeras, kerasInput } from './emission.ts';

/** Factor and summand for each output channel: a batch normalisation folded into what is before it. */
export interface ChannelAffine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

type Window = z.infer<typeof convolutionConfig> | z.infer<typeof depthwiseConfig>;

/** Whether a layer can take a following batch normalisation into its weights. */
export function canFold(layer: Layer): boolean {
  const linear = (layer.config['activation'] ?? 'linear') === 'linear';
  return linear && ['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense'].includes(layer.className);
}

export function emitConv2d(emission: Emission, fold: ChannelAffine | null = null): string {
  const config = convolutionConfig.parse(emission.layer.config);
  const kernel = pointwiseKernel(emission.weight('kernel'), fold);
  return withActivation(
    emission,
    config,
    convolve(emission, config, kernel, config.groups, biasOf(emission, config, fold)),
  );
}

export function emitDepthwise(emission: Emission, fold: ChannelAffine | null = null): string {
  const config = depthwiseConfig.parse(emission.layer.config);
  const [, , channels = 1] = emission.inputShape();
  const kernel = depthwiseKernel(emission.weight('depthwise_kernel'), fold);
  const bias = biasOf(emission, config, fold);
  return withActivation(emission, config, convolve(emission, config, kernel, channels, bias));
}

export function emitSeparable(emission: Emission, fold: ChannelAffine | null = null): string {
  const config = separableConfig.parse(emission.layer.config);
  const [, , channels = 1] = emission.inputShape();
  const { graph } = emission;
  const spread = convolve(
    emission,
    config,
    depthwiseKernel(emission.weight('depthwise_kernel'), null),
    channels,
    null,
  );
  const kernel = pointwiseKernel(emission.weight('pointwise_kernel'), fold);
  const bias = biasOf(emission, config, fold);
  const mixed = graph.node('Conv', [
    spread,
    graph.weight(kernel.data, kernel.shape, 0),
    ...(bias === null ? [] : [graph.constant(bias)]),
  ]);
  return withActivation(emission, config, mixed);
}

export function emitDense(emission: Emission, fold: ChannelAffine | null = null): string {
  const { graph } = emission;
  const config = denseConfig.parse(emission.layer.config);
  const { shape, data } = emission.weight('kernel');
  const units = shape[1] ?? 1;
  const kernel = fold === null ? data : data.map((value, index) => value * (fold.scale[index % units] ?? 1));
  const bias = biasOf(emission, config, fold);
  const flat = emission.inputShape().length === 1;
  const inputs = [kerasInput(emission), graph.weight(kernel, shape, 1)];
  let value: string;
  if (flat) value = graph.node('Gemm', bias === null ? inputs : [...inputs, graph.constant(bias)]);
  else {
    value = graph.node('MatMul', inputs);
    if (bias !== null) value = graph.node('Add', [value, graph.constant(bias)]);
    value = fromKeras(emission, value);
  }
  return withActivation(emission, config, value);
}

/** ONNX wants the kernel as [in, out, h, w], and what is cut off the output, or added behind it. */
export function emitTransposed(emission: Emission): string {
  const { graph } = emission;
  const config = transposedConfig.parse(emission.layer.config);
  const axes = transposedAxes(config, emission.inputShape());
  const { shape, data } = emission.weight('kernel');
  const [rows = 1, columns = 1, filters = 1, channels = 1] = shape;
  const kernel = new Float32Array(data.length);
  const field = rows * columns;
  for (let place = 0; place < field; place += 1)
    for (let filter = 0; filter < filters; filter += 1)
      for (let input = 0; input < channels; input += 1)
        kernel[(input * filters + filter) * field + place] =
          data[(place * filters + filter) * channels + input] ?? 0;
  const inputs = [emission.input(), graph.weight(kernel, [channels, filters, rows, columns], 1)];
  if (config.use_bias) inputs.push(graph.constant(emission.weight('bias').data));
  const value = graph.node('ConvTranspose', inputs, {
    kernel_shape: config.kernel_size,
    strides: config.strides,
    dilations: config.dilation_rate,
    pads: [...axes.map(({ cut }) => cut[0]), ...axes.map(({ cut }) => Math.max(cut[1], 0))],
    output_padding: axes.map(({ cut }) => Math.max(-cut[1], 0)),
  });
  return withActivation(emission, config, value);
}

/** One Conv node, the padding of Keras's `same`, and of a ZeroPadding2D only this layer reads, written out. */
function convolve(
  emission: Emission,
  config: Window,
  kernel: WeightArray,
  group: number,
  bias: Float32Array | null,
): string {
  const { graph } = emission;
  const { input, pads, shape } = paddedInput(emission, config.padding);
  const reach = config.kernel_size.map((size, axis) => (size - 1) * (config.dilation_rate[axis] ?? 1) + 1);
  const [rows, columns] =
    config.padding === 'same'
      ? reach.map((size, axis) => samePadding(shape[axis] ?? 1, size, config.strides[axis] ?? 1))
      : [pads[0], pads[1]];
  const inputs = [input, graph.weight(kernel.data, kernel.shape, 0)];
  if (bias !== null) inputs.push(graph.constant(bias));
  return graph.node('Conv', inputs, {
    kernel_shape: config.kernel_size,
    strides: config.strides,
    dilations: config.dilation_rate,
    group,
    pads: [rows?.[0] ?? 0, columns?.[0] ?? 0, rows?.[1] ?? 0, columns?.[1] ?? 0],
  });
}

function paddedInput(emission: Emission, padding: 'same' | 'valid') {
  const none = [0, 0] as const;
  const before = emission.ownInput();
  if (padding !== 'valid' || before?.className !== 'ZeroPadding2D')
    return { input: emission.input(), pads: [none, none] as const, shape: emission.inputShape() };
  const inside = emission.inside(before);
  const { padding: pads } = zeroPadding2dConfig.parse(before.config);
  return { input: inside.input(), pads, shape: inside.inputShape() };
}

function withActivation(
  { graph, layer }: Emission,
  config: Pick<Window, 'activation'>,
  value: string,
): string {
  return emitActivation(graph, config.activation, value, layer.outputShape);
}

/** The bias with the folded shift, or null when both are missing. */
function biasOf(
  emission: Emission,
  config: { use_bias: boolean },
  fold: ChannelAffine | null,
): Float32Array | null {
  const bias = config.use_bias ? emission.weight('bias').data : null;
  if (fold === null) return bias;
  return fold.shift.map((shift, index) => shift + (bias?.[index] ?? 0) * (fold.scale[index] ?? 1));
}

/** [h, w, in, out] to [out, in, h, w]. */
function pointwiseKernel({ shape, data }: WeightArray, fold: ChannelAffine | null): WeightArray {
  const [height = 1, width = 1, channels = 1, filters = 1] = shape;
  const field = height * width;
  const out = new Float32Array(data.length);
  for (let position = 0; position < field; position += 1)
    for (let input = 0; input < channels; input += 1)
      for (let filter = 0; filter < filters; filter += 1) {
        const value = data[(position * channels + input) * filters + filter] ?? 0;
        out[(filter * channels + input) * field + position] = value * (fold?.scale[filter] ?? 1);
      }
  return { shape: [filters, channels, height, width], data: out };
}

/** [h, w, in, multiplier] to [in × multiplier, 1, h, w]. */
function depthwiseKernel({ shape, data }: WeightArray, fold: ChannelAffine | null): WeightArray {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = shape;
  const field = height * width;
  const filters = channels * multiplier;
  const out = new Float32Array(data.length);
  for (let position = 0; position < field; position += 1)
    for (let filter = 0; filter < filters; filter += 1)
      out[filter * field + position] = (data[position * filters + filter] ?? 0) * (fold?.scale[filter] ?? 1);
  return { shape: [filters, 1, height, width], data: out };
}
