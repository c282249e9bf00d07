import { architecture, roundChannels, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import type { WeightArray } from '../../weights/weights.ts';
import { blockPrefix, squeezeExcite } from './squeezeExcite.ts';

/** Kernel, repeats, channels in and out, expansion and first stride of B0's rows (Tan and Le 2019, 1905.11946, table 1). */
const rows = [
  [3, 1, 32, 16, 1, 1],
  [3, 2, 16, 24, 6, 2],
  [5, 2, 24, 40, 6, 2],
  [3, 3, 40, 80, 6, 2],
  [5, 3, 80, 112, 6, 1],
  [5, 4, 112, 192, 6, 2],
  [3, 1, 192, 320, 6, 1],
] as const;

/** Share of residual branches dropped in the last block; earlier ones drop fewer. */
const dropConnect = 0.2;

interface BlockPlan {
  readonly prefix: string;
  readonly kernel: number;
  readonly channels: number;
  readonly filters: number;
  readonly expansion: number;
  readonly strides: 1 | 2;
  readonly drop: number;
}

/** Mobile inverted bottleneck with squeeze and excite (MBConv). */
function block(net: Composition, input: Value, plan: BlockPlan): Value {
  const { prefix, kernel, channels, filters, expansion, strides, drop } = plan;
  const name = (part: string): { name: string } => ({ name: prefix + part });
  let x = input;
  if (expansion !== 1) {
    x = net.conv(x, channels * expansion, 1, { padding: 'same', bias: false, ...name('expand_conv') });
    x = net.activation(net.batchNorm(x, name('expand_bn')), 'swish', `${prefix}expand_activation`);
  }
  if (strides === 2) x = net.padForStride(x, kernel, `${prefix}dwconv_pad`);
  const padding = strides === 2 ? 'valid' : 'same';
  x = net.depthwise(x, kernel, { strides, padding, bias: false, ...name('dwconv') });
  x = net.activation(net.batchNorm(x, name('bn')), 'swish', `${prefix}activation`);
  x = squeezeExcite(net, x, prefix, Math.max(1, Math.floor(channels / 4)));
  x = net.conv(x, filters, 1, { padding: 'same', bias: false, ...name('project_conv') });
  x = net.batchNorm(x, name('project_bn'));
  if (strides !== 1 || channels !== filters) return x;
  if (drop > 0) x = net.dropBranch(x, drop, `${prefix}drop`);
  return net.add([x, input], `${prefix}add`);
}

/**
 * EfficientNet: B0's rows made wider and deeper (equation 3). Pixels are scaled inside, by the statistics of a
 * Normalization layer. Keras's ImageNet weights hold standard deviations where that layer expects variances; for them
 * alone Keras divides by √σ once more, in a layer that has no weights and is not there otherwise.
 * Keras: efficientnet.EfficientNetB0 to EfficientNetB7.
 */
function efficientNet(
  number: number,
  width: number,
  depth: number,
  inputSize: number,
  dropout: number,
): Architecture {
  return architecture({
    name: `efficientnet-b${number}`,
    keras: `EfficientNetB${number}`,
    title: `EfficientNet-B${number}`,
    family: 'EfficientNet',
    paper: '1905.11946',
    inputSize,
    preprocess: 'none',
    spellings: [`efficientnet-v1-b${number}`],
    refine: (weights) => ({ imagenetRescaling: holdsDeviations(weights.get('normalization/variance')) }),
    compose(net, image, options) {
      const channelsOf = (channels: number): number => roundChannels(channels * width);
      const repeatsOf = (repeats: number): number => Math.ceil(repeats * depth);
      let x = net.rescale(image, 1 / 255);
      x = net.layer('Normalization', { axis: [3], mean: null, variance: null }, [x], undefined);
      if (options.imagenetRescaling)
        x = net.rescale(
          x,
          imagenetDeviation.map((deviation) => 1 / Math.sqrt(deviation)),
        );
      x = net.padForStride(x, 3, 'stem_conv_pad');
      x = net.conv(x, channelsOf(32), 3, { strides: 2, bias: false, name: 'stem_conv' });
      x = net.activation(net.batchNorm(x, { name: 'stem_bn' }), 'swish', 'stem_activation');
      const blocks = rows.reduce((sum, [, repeats]) => sum + repeatsOf(repeats), 0);
      let built = 0;
      for (const [row, [kernel, repeats, from, to, expansion, stride]] of rows.entries())
        for (let repeat = 0; repeat < repeatsOf(repeats); repeat += 1) {
          x = block(net, x, {
            prefix: blockPrefix(row, repeat),
            kernel,
            channels: channelsOf(repeat === 0 ? from : to),
            filters: channelsOf(to),
            expansion,
            strides: repeat === 0 ? stride : 1,
            drop: (dropConnect * built) / blocks,
          });
          built += 1;
        }
      x = net.conv(x, channelsOf(1280), 1, { padding: 'same', bias: false, name: 'top_conv' });
      x = net.activation(net.batchNorm(x, { name: 'top_bn' }), 'swish', 'top_activation');
      return softmaxTop(net, x, options, { pool: 'avg_pool', dropout: [dropout, 'top_dropout'] });
    },
  });
}

/** Deviations of ImageNet's pixels in 0–1, red, green, blue. */
const imagenetDeviation = [0.229, 0.224, 0.225] as const;

/** Whether a Normalization's variances are ImageNet's deviations: those of Keras's own weights, and what came of them. */
function holdsDeviations(variance: WeightArray | undefined): boolean {
  return imagenetDeviation.every(
    (deviation, channel) => Math.abs((variance?.data[channel] ?? 0) - deviation) < 1e-4,
  );
}

export const efficientNets = [
  efficientNet(0, 1.0, 1.0, 224, 0.2),
  efficientNet(1, 1.0, 1.1, 240, 0.2),
  efficientNet(2, 1.1, 1.2, 260, 0.3),
  efficientNet(3, 1.2, 1.4, 300, 0.3),
  efficientNet(4, 1.4, 1.8, 380, 0.4),
  efficientNet(5, 1.6, 2.2, 456, 0.4),
  efficientNet(6, 1.8, 2.6, 528, 0.5),
  efficientNet(7, 2.0, 3.1, 600, 0.5),
];
