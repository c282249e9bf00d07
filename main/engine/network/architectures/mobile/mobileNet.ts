import { architecture, withoutTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { alphaSpellings, alphaText } from './alpha.ts';

/** Output channels of the 13 blocks (Howard et al. 2017, 1704.04861, table 1). */
const widths = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];
/** The blocks, counted from 1, that halve the image. */
const strided = new Set([2, 4, 6, 12]);

/** A depthwise separable convolution (figure 3 right): 3 × 3 for each channel, then 1 × 1 across channels. */
function block(net: Composition, input: Value, number: number, filters: number): Value {
  const shrinks = strided.has(number);
  const after = [
    [0, 1],
    [0, 1],
  ] as const;
  let x = shrinks ? net.pad(input, after, `conv_pad_${number}`) : input;
  x = net.depthwise(x, 3, {
    strides: shrinks ? 2 : 1,
    padding: shrinks ? 'valid' : 'same',
    bias: false,
    name: `conv_dw_${number}`,
  });
  x = net.batchNorm(x, { name: `conv_dw_${number}_bn` });
  x = net.relu(x, 6, `conv_dw_${number}_relu`);
  x = net.conv(x, filters, 1, { padding: 'same', bias: false, name: `conv_pw_${number}` });
  x = net.batchNorm(x, { name: `conv_pw_${number}_bn` });
  return net.relu(x, 6, `conv_pw_${number}_relu`);
}

/** MobileNet; `alpha` makes every layer narrower. Keras: mobilenet.MobileNet. */
function mobileNet(alpha: number): Architecture {
  return architecture({
    name: `mobilenet-${alphaText(alpha)}`,
    keras: 'MobileNet',
    kerasArguments: { alpha },
    title: `MobileNet ${alphaText(alpha)}`,
    family: 'MobileNet',
    paper: '1704.04861',
    inputSize: 224,
    preprocess: 'tf',
    spellings: alphaSpellings(['mobilenet', 'mobilenet-v1'], alpha),
    compose(net, image, options) {
      const width = (channels: number): number => Math.floor(channels * alpha);
      let x = net.conv(image, width(32), 3, { strides: 2, padding: 'same', bias: false, name: 'conv1' });
      x = net.batchNorm(x, { name: 'conv1_bn' });
      x = net.relu(x, 6, 'conv1_relu');
      for (const [index, channels] of widths.entries()) x = block(net, x, index + 1, width(channels));
      if (!options.includeTop) return withoutTop(net, x, options);
      x = net.globalAverage(x, { keepDimensions: true });
      x = net.dropout(x, 1e-3, 'dropout');
      x = net.conv(x, options.classes, 1, { padding: 'same', name: 'conv_preds' });
      x = net.layer('Reshape', { target_shape: [options.classes] }, [x], 'reshape_2');
      return net.activation(x, 'softmax', 'predictions');
    },
  });
}

export const mobileNets = [0.25, 0.5, 0.75, 1].map(mobileNet);
