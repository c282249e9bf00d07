import { architecture, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { blockPrefix, squeezeExcite } from './squeezeExcite.ts';

/**
 * Convolution, repeats, channels in and out, expansion and first stride of a row. Fused rows have one 3 × 3 convolution
 * in place of a 1 × 1 and a depthwise one, and neither kind of row squeezes unless it is `mobile`.
 */
type Row = readonly [
  kind: 'fused' | 'mobile',
  repeats: number,
  from: number,
  to: number,
  expansion: number,
  stride: 1 | 2,
];

/** Tan and Le 2021 (2104.00298), table 4 and the authors' configurations for B, M and L. */
const small: readonly Row[] = [
  ['fused', 2, 24, 24, 1, 1],
  ['fused', 4, 24, 48, 4, 2],
  ['fused', 4, 48, 64, 4, 2],
  ['mobile', 6, 64, 128, 4, 2],
  ['mobile', 9, 128, 160, 6, 1],
  ['mobile', 15, 160, 256, 6, 2],
];
const medium: readonly Row[] = [
  ['fused', 3, 24, 24, 1, 1],
  ['fused', 5, 24, 48, 4, 2],
  ['fused', 5, 48, 80, 4, 2],
  ['mobile', 7, 80, 160, 4, 2],
  ['mobile', 14, 160, 176, 6, 1],
  ['mobile', 18, 176, 304, 6, 2],
  ['mobile', 5, 304, 512, 6, 1],
];
const large: readonly Row[] = [
  ['fused', 4, 32, 32, 1, 1],
  ['fused', 7, 32, 64, 4, 2],
  ['fused', 7, 64, 96, 4, 2],
  ['mobile', 10, 96, 192, 4, 2],
  ['mobile', 19, 192, 224, 6, 1],
  ['mobile', 25, 224, 384, 6, 2],
  ['mobile', 7, 384, 640, 6, 1],
];
const base: readonly Row[] = [
  ['fused', 1, 32, 16, 1, 1],
  ['fused', 2, 16, 32, 4, 2],
  ['fused', 2, 32, 48, 4, 2],
  ['mobile', 3, 48, 96, 4, 2],
  ['mobile', 5, 96, 112, 6, 1],
  ['mobile', 8, 112, 192, 6, 2],
];

/** Share of residual branches dropped at the end of the network, as Keras counts blocks: before they are repeated. */
const dropConnect = 0.2;
const momentum = 0.9;

interface BlockPlan {
  readonly prefix: string;
  readonly channels: number;
  readonly filters: number;
  readonly expansion: number;
  readonly strides: 1 | 2;
  readonly drop: number;
}

/** The residual sum, where input and output have one shape. */
function close(net: Composition, x: Value, input: Value, plan: BlockPlan): Value {
  const { prefix, channels, filters, strides, drop } = plan;
  if (strides !== 1 || channels !== filters) return x;
  return net.add([drop > 0 ? net.dropBranch(x, drop, `${prefix}drop`) : x, input], `${prefix}add`);
}

/** MBConv (figure 2 left). */
function mobileBlock(net: Composition, input: Value, plan: BlockPlan): Value {
  const { prefix, channels, filters, expansion, strides } = plan;
  const name = (part: string): { name: string } => ({ name: prefix + part });
  const norm = (x: Value, part: string): Value => net.batchNorm(x, { momentum, ...name(part) });
  let x = net.conv(input, channels * expansion, 1, { padding: 'same', bias: false, ...name('expand_conv') });
  x = net.activation(norm(x, 'expand_bn'), 'swish', `${prefix}expand_activation`);
  x = net.depthwise(x, 3, { strides, padding: 'same', bias: false, ...name('dwconv2') });
  x = net.activation(norm(x, 'bn'), 'swish', `${prefix}activation`);
  x = squeezeExcite(net, x, prefix, Math.max(1, Math.floor(channels / 4)));
  x = net.conv(x, filters, 1, { padding: 'same', bias: false, ...name('project_conv') });
  return close(net, norm(x, 'project_bn'), input, plan);
}

/** Fused-MBConv (figure 2 right); without expansion it is a single convolution. */
function fusedBlock(net: Composition, input: Value, plan: BlockPlan): Value {
  const { prefix, channels, filters, expansion, strides } = plan;
  const name = (part: string): { name: string } => ({ name: prefix + part });
  const norm = (x: Value, part: string): Value => net.batchNorm(x, { momentum, ...name(part) });
  const same = { padding: 'same', bias: false } as const;
  if (expansion === 1) {
    const x = norm(net.conv(input, filters, 3, { ...same, strides, ...name('project_conv') }), 'project_bn');
    return close(net, net.activation(x, 'swish', `${prefix}project_activation`), input, plan);
  }
  let x = net.conv(input, channels * expansion, 3, { ...same, strides, ...name('expand_conv') });
  x = net.activation(norm(x, 'expand_bn'), 'swish', `${prefix}expand_activation`);
  x = net.conv(x, filters, 1, { ...same, ...name('project_conv') });
  return close(net, norm(x, 'project_bn'), input, plan);
}

/** Channels rounded to a multiple of 8; unlike the first EfficientNet's, they may lose more than a tenth. */
function roundedTo8(channels: number): number {
  return Math.max(8, Math.floor((channels + 4) / 8) * 8);
}

interface Scale {
  readonly size: string;
  readonly rows: readonly Row[];
  readonly width?: number;
  readonly depth?: number;
  readonly inputSize: number;
}

/**
 * EfficientNetV2. Pixels are scaled inside: B by ImageNet's statistics, S, M and L to −1…1 (by 128, as Keras does).
 * Keras: efficientnet_v2.EfficientNetV2B0 to B3, S, M, L.
 */
function efficientNetV2({ size, rows, width = 1, depth = 1, inputSize }: Scale): Architecture {
  const name = `efficientnet-v2-${size.toLowerCase()}`;
  return architecture({
    name,
    keras: `EfficientNetV2${size}`,
    title: `EfficientNetV2-${size}`,
    family: 'EfficientNetV2',
    paper: '2104.00298',
    inputSize,
    preprocess: 'none',
    compose(net, image, options) {
      const channelsOf = (channels: number): number => roundedTo8(channels * width);
      let x = size.startsWith('B') ? normalize(net, image) : net.rescale(image, 1 / 128, -1);
      const stem = { strides: 2, padding: 'same', bias: false, name: 'stem_conv' } as const;
      x = net.conv(x, channelsOf(rows[0]?.[2] ?? 32), 3, stem);
      x = net.activation(net.batchNorm(x, { momentum, name: 'stem_bn' }), 'swish', 'stem_activation');
      const blocks = rows.reduce((sum, [, repeats]) => sum + repeats, 0);
      let built = 0;
      for (const [row, [kind, repeats, from, to, expansion, stride]] of rows.entries())
        for (let repeat = 0; repeat < Math.ceil(repeats * depth); repeat += 1) {
          const block = kind === 'fused' ? fusedBlock : mobileBlock;
          x = block(net, x, {
            prefix: blockPrefix(row, repeat),
            channels: channelsOf(repeat === 0 ? from : to),
            filters: channelsOf(to),
            expansion,
            strides: repeat === 0 ? stride : 1,
            drop: (dropConnect * built) / blocks,
          });
          built += 1;
        }
      x = net.conv(x, channelsOf(1280), 1, { padding: 'same', bias: false, name: 'top_conv' });
      x = net.activation(net.batchNorm(x, { momentum, name: 'top_bn' }), 'swish', 'top_activation');
      return softmaxTop(net, x, options, { pool: 'avg_pool', dropout: [0.2, 'top_dropout'] });
    },
  });
}

function normalize(net: Composition, image: Value): Value {
  const unit = net.rescale(image, 1 / 255);
  const settings = {
    axis: [3],
    mean: [0.485, 0.456, 0.406],
    variance: [0.229, 0.224, 0.225].map((deviation) => deviation ** 2),
  };
  return net.layer('Normalization', settings, [unit], undefined);
}

export const efficientNetV2s = [
  efficientNetV2({ size: 'B0', rows: base, inputSize: 224 }),
  efficientNetV2({ size: 'B1', rows: base, depth: 1.1, inputSize: 240 }),
  efficientNetV2({ size: 'B2', rows: base, width: 1.1, depth: 1.2, inputSize: 260 }),
  efficientNetV2({ size: 'B3', rows: base, width: 1.2, depth: 1.4, inputSize: 300 }),
  efficientNetV2({ size: 'S', rows: small, inputSize: 384 }),
  efficientNetV2({ size: 'M', rows: medium, inputSize: 480 }),
  efficientNetV2({ size: 'L', rows: large, inputSize: 480 }),
];
