import type { WeightArray } from '../../network/index.ts';
import { sizeOf } from '../../network/index.ts';
import {
  convolutionConfig,
  depthwiseConfig,
  separableConfig,
} from '../../network/layers/convolution/convolution.ts';
import { transposedAxes, transposedConfig } from '../../network/layers/convolution/transposed.ts';
import { denseConfig } from '../../network/layers/dense.ts';
import { samePadding } from '../../network/layers/convolution/padSame.ts';
import { lowerActivation } from './activations.ts';
import type { LoweringBuilder } from './builder.ts';
import type { NodeId, Padding, Pair } from './graph.ts';
import type { Lowering } from './lowering.ts';

interface Window {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

export function lowerConv2d(lowering: Lowering): NodeId {
  const { graph, layer } = lowering;
  const config = convolutionConfig.parse(layer.config);
  const groups = config.groups ?? 1;
  const kernel = lowering.weight('kernel');
  const bias = config.use_bias ? lowering.weight('bias').data : null;
  const window = { strides: config.strides, dilations: config.dilation_rate, padding: config.padding };
  const [height = 1, width = 1, channels = 1] = lowering.inputShape();
  const x = lowering.input();
  let value: NodeId;
  if (groups === 1)
    value = graph.add({ op: 'conv2d', kernel, bias, ...window, fused: 'none' }, [x], layer.outputShape);
  else if (groups === channels) {
    const [rows = 1, columns = 1] = kernel.shape;
    const spread = { shape: [rows, columns, channels, config.filters / channels], data: kernel.data };
    value = depthwise(graph, x, spread, bias, window, layer.outputShape);
  } else {
    const each = channels / groups;
    const filters = config.filters / groups;
    const parts = Array.from({ length: groups }, (_, group) => {
      const part = graph.add({ op: 'slice', begin: [0, 0, group * each] }, [x], [height, width, each]);
      const own = groupKernel(kernel, group, filters);
      const ownBias = bias?.slice(group * filters, (group + 1) * filters) ?? null;
      const shape = [...layer.outputShape.slice(0, 2), filters];
      return graph.add({ op: 'conv2d', kernel: own, bias: ownBias, ...window, fused: 'none' }, [part], shape);
    });
    value = graph.add({ op: 'concatenate', axis: 3 }, parts, layer.outputShape);
  }
  return lowerActivation(graph, config.activation, value, true);
}

export function lowerDepthwise(lowering: Lowering): NodeId {
  const { graph, layer } = lowering;
  const config = depthwiseConfig.parse(layer.config);
  const bias = config.use_bias ? lowering.weight('bias').data : null;
  const window = { strides: config.strides, dilations: config.dilation_rate, padding: config.padding };
  const kernel = lowering.weight('depthwise_kernel');
  const value = depthwise(graph, lowering.input(), kernel, bias, window, layer.outputShape);
  return lowerActivation(graph, config.activation, value, true);
}

export function lowerSeparable(lowering: Lowering): NodeId {
  const { graph, layer } = lowering;
  const config = separableConfig.parse(layer.config);
  const kernel = lowering.weight('depthwise_kernel');
  const window = { strides: config.strides, dilations: config.dilation_rate, padding: config.padding };
  const between = [...layer.outputShape.slice(0, 2), sizeOf(kernel.shape.slice(-2))];
  const spread = depthwise(graph, lowering.input(), kernel, null, window, between);
  const mixed = graph.add(
    {
      op: 'conv2d',
      kernel: lowering.weight('pointwise_kernel'),
      bias: config.use_bias ? lowering.weight('bias').data : null,
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'valid',
      fused: 'none',
    },
    [spread],
    layer.outputShape,
  );
  return lowerActivation(graph, config.activation, mixed, true);
}

/**
 * The convolution that spreads: pixels set apart by zeros (each repeated, then all but one of its copies multiplied by
 * zero), and a convolution with the kernel turned around. Costs more than a runtime's own operation and needs no more
 * than every runtime has.
 */
export function lowerTransposed(lowering: Lowering): NodeId {
  const { graph, layer } = lowering;
  const config = transposedConfig.parse(layer.config);
  const input = lowering.inputShape();
  const [height = 1, width = 1, channels = 1] = input;
  const [rows, columns] = transposedAxes(config, input);
  let x = setApart(graph, lowering.input(), config.strides);
  const spread = [height * rows.stride, width * columns.stride] as const;
  const around = [rows, columns].map(({ reach, length, cut }, axis) => {
    const before = reach - 1 - cut[0];
    return [before, length + reach - 1 - before - (spread[axis] ?? 0)] as const;
  });
  // Behind the last pixel are zeros, of which some may be too many.
  const kept = spread.map((size, axis) => size + Math.min(around[axis]?.[1] ?? 0, 0));
  if (kept.join() !== spread.join())
    x = graph.add({ op: 'slice', begin: [0, 0, 0] }, [x], [...kept, channels]);
  const pads = around.map(([before, after]) => [before, Math.max(after, 0)] as const);
  const [above = [0, 0], beside = [0, 0]] = pads;
  if (pads.flat().some((pad) => pad > 0)) {
    const padded = kept.map((size, axis) => size + (pads[axis]?.[0] ?? 0) + (pads[axis]?.[1] ?? 0));
    x = graph.add({ op: 'pad', rows: above, columns: beside }, [x], [...padded, channels]);
  }
  const value = graph.add(
    {
      op: 'conv2d',
      kernel: turnedAround(spreadTaps(lowering.weight('kernel'), config.dilation_rate)),
      bias: config.use_bias ? lowering.weight('bias').data : null,
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'valid',
      fused: 'none',
    },
    [x],
    layer.outputShape,
  );
  return lowerActivation(graph, config.activation, value, true);
}

function setApart(graph: LoweringBuilder, x: NodeId, [down, right]: Pair): NodeId {
  if (down === 1 && right === 1) return x;
  const [height = 1, width = 1, channels = 1] = graph.node(x).shape;
  const shape = [height * down, width * right, channels];
  const repeated = graph.add({ op: 'repeat' }, [x], shape);
  const mask = Float32Array.from({ length: height * down * width * right }, (_, at) => {
    const [row, column] = [Math.floor(at / (width * right)), at % (width * right)];
    return row % down === 0 && column % right === 0 ? 1 : 0;
  });
  return graph.elementwise('multiply', repeated, graph.constant(mask, [height * down, width * right, 1]));
}

/** [h, w, out, in] to [h, w, in, out], last row and column first. */
function turnedAround({ shape, data }: WeightArray): WeightArray {
  const [rows = 1, columns = 1, filters = 1, channels = 1] = shape;
  const turned = new Float32Array(data.length);
  const field = rows * columns;
  for (let place = 0; place < field; place += 1)
    for (let filter = 0; filter < filters; filter += 1)
      for (let channel = 0; channel < channels; channel += 1)
        turned[((field - 1 - place) * channels + channel) * filters + filter] =
          data[(place * filters + filter) * channels + channel] ?? 0;
  return { shape: [rows, columns, channels, filters], data: turned };
}

/** Over the last axis; an image goes through as rows of pixels. */
export function lowerDense(lowering: Lowering): NodeId {
  const { graph, layer } = lowering;
  const config = denseConfig.parse(layer.config);
  const kernel = lowering.weight('kernel');
  const bias = config.use_bias ? lowering.weight('bias').data : null;
  const x = lowering.input();
  const shape = layer.outputShape;
  let value: NodeId;
  if (shape.length === 1) value = graph.add({ op: 'dense', kernel, bias, fused: 'none' }, [x], shape);
  else {
    const [features = 1, units = 1] = kernel.shape;
    const pointwise = { shape: [1, 1, features, units], data: kernel.data };
    const pixels = [sizeOf(shape.slice(0, -1)), 1] as const;
    const image = shape.length === 3 ? x : graph.reshaped(x, [...pixels, features]);
    const mixed = graph.add(
      {
        op: 'conv2d',
        kernel: pointwise,
        bias,
        strides: [1, 1],
        dilations: [1, 1],
        padding: 'valid',
        fused: 'none',
      },
      [image],
      shape.length === 3 ? shape : [...pixels, units],
    );
    value = graph.reshaped(mixed, shape);
  }
  return lowerActivation(graph, config.activation, value, shape.length === 1 || shape.length === 3);
}

/**
 * Runtimes want one stride for both axes and no dilation in a depthwise convolution: taps are spread apart with zeros,
 * and unequal strides computed with stride 1 over the padding that the real ones ask for, then thinned out.
 */
function depthwise(
  graph: LoweringBuilder,
  x: NodeId,
  kernel: WeightArray,
  bias: Float32Array | null,
  { strides, dilations, padding }: Window,
  shape: readonly number[],
): NodeId {
  const spread = spreadTaps(kernel, dilations);
  const [down, right] = strides;
  if (down === right)
    return graph.add(
      { op: 'depthwise', kernel: spread, bias, stride: down, padding, fused: 'none' },
      [x],
      shape,
    );
  const [height = 1, width = 1, channels = 1] = graph.node(x).shape;
  const [rows = 1, columns = 1] = spread.shape;
  const around = {
    rows: padding === 'same' ? samePadding(height, rows, down) : ([0, 0] as const),
    columns: padding === 'same' ? samePadding(width, columns, right) : ([0, 0] as const),
  };
  const tall = height + around.rows[0] + around.rows[1];
  const wide = width + around.columns[0] + around.columns[1];
  const padded = padding === 'same' ? graph.add({ op: 'pad', ...around }, [x], [tall, wide, channels]) : x;
  const dense = graph.add(
    { op: 'depthwise', kernel: spread, bias, stride: 1, padding: 'valid', fused: 'none' },
    [padded],
    [tall - rows + 1, wide - columns + 1, shape[2] ?? 1],
  );
  return graph.add({ op: 'maxPool', window: [1, 1], strides, padding: 'valid' }, [dense], shape);
}

/** The same convolution without dilation: a larger kernel [h, w, channels, multiplier] with zeros between its taps. */
export function spreadTaps({ shape, data }: WeightArray, [down, right]: Pair): WeightArray {
  if (down === 1 && right === 1) return { shape, data };
  const [rows = 1, columns = 1, channels = 1, multiplier = 1] = shape;
  const [tall, wide] = [(rows - 1) * down + 1, (columns - 1) * right + 1];
  const depth = channels * multiplier;
  const spread = new Float32Array(tall * wide * depth);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const from = (row * columns + column) * depth;
      spread.set(data.subarray(from, from + depth), (row * down * wide + column * right) * depth);
    }
  return { shape: [tall, wide, channels, multiplier], data: spread };
}

/** The filters of one group out of [h, w, in / groups, filters]. */
function groupKernel({ shape, data }: WeightArray, group: number, filters: number): WeightArray {
  const all = shape.at(-1) ?? 1;
  const own = new Float32Array((data.length / all) * filters);
  for (let row = 0; row < data.length / all; row += 1)
    own.set(data.subarray(row * all + group * filters, row * all + (group + 1) * filters), row * filters);
  return { shape: [...shape.slice(0, -1), filters], data: own };
}
