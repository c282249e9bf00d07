import { architecture, roundChannels, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { alphaSpellings, alphaText } from './alpha.ts';

/** Channels, repeats and first stride of the rows of bottlenecks (Sandler et al. 2018, 1801.04381, table 2). */
const rows = [
  [16, 1, 1],
  [24, 2, 2],
  [32, 3, 2],
  [64, 4, 2],
  [96, 3, 1],
  [160, 3, 2],
  [320, 1, 1],
] as const;

const statistics = { epsilon: 1e-3, momentum: 0.999 };

/** An inverted residual with a linear bottleneck (figure 4d): 1 × 1 up sixfold, 3 × 3 depthwise, 1 × 1 down. */
function bottleneck(net: Composition, input: Value, number: number, filters: number, strides: 1 | 2): Value {
  const prefix = number === 0 ? 'expanded_conv_' : `block_${number}_`;
  const channels = input.shape[2] ?? 1;
  let x = input;
  if (number > 0) {
    x = net.conv(x, 6 * channels, 1, { padding: 'same', bias: false, name: `${prefix}expand` });
    x = net.batchNorm(x, { ...statistics, name: `${prefix}expand_BN` });
    x = net.relu(x, 6, `${prefix}expand_relu`);
  }
  if (strides === 2) x = net.padForStride(x, 3, `${prefix}pad`);
  x = net.depthwise(x, 3, {
    strides,
    padding: strides === 1 ? 'same' : 'valid',
    bias: false,
    name: `${prefix}depthwise`,
  });
  x = net.batchNorm(x, { ...statistics, name: `${prefix}depthwise_BN` });
  x = net.relu(x, 6, `${prefix}depthwise_relu`);
  x = net.conv(x, filters, 1, { padding: 'same', bias: false, name: `${prefix}project` });
  x = net.batchNorm(x, { ...statistics, name: `${prefix}project_BN` });
  return channels === filters && strides === 1 ? net.add([input, x], `${prefix}add`) : x;
}

/** MobileNetV2; `alpha` makes every layer narrower or wider. Keras: mobilenet_v2.MobileNetV2. */
function mobileNetV2(alpha: number): Architecture {
  return architecture({
    name: `mobilenet-v2-${alphaText(alpha)}`,
    keras: 'MobileNetV2',
    kerasArguments: { alpha },
    title: `MobileNetV2 ${alphaText(alpha)}`,
    family: 'MobileNetV2',
    paper: '1801.04381',
    inputSize: 224,
    preprocess: 'tf',
    spellings: alphaSpellings(['mobilenet-v2'], alpha),
    compose(net, image, options) {
      const first = roundChannels(32 * alpha);
      let x = net.conv(image, first, 3, { strides: 2, padding: 'same', bias: false, name: 'Conv1' });
      x = net.batchNorm(x, { ...statistics, name: 'bn_Conv1' });
      x = net.relu(x, 6, 'Conv1_relu');
      let number = 0;
      for (const [channels, repeats, stride] of rows)
        for (let repeat = 0; repeat < repeats; repeat += 1) {
          const filters = roundChannels(Math.floor(channels * alpha));
          x = bottleneck(net, x, number, filters, repeat === 0 ? stride : 1);
          number += 1;
        }
      // The last layer is never made narrower (section 6.1).
      const last = alpha > 1 ? roundChannels(1280 * alpha) : 1280;
      x = net.conv(x, last, 1, { bias: false, name: 'Conv_1' });
      x = net.batchNorm(x, { ...statistics, name: 'Conv_1_bn' });
      x = net.relu(x, 6, 'out_relu');
      return softmaxTop(net, x, options);
    },
  });
}

export const mobileNetV2s = [0.35, 0.5, 0.75, 1, 1.3, 1.4].map(mobileNetV2);
