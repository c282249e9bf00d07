import { architecture, roundChannels, withoutTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { alphaSpellings, alphaText } from './alpha.ts';

/** How a block expands, its channels, kernel and stride, whether it squeezes and excites, and its nonlinearity. */
type Row = readonly [
  expansion: number,
  channels: number,
  kernel: 3 | 5,
  strides: 1 | 2,
  excites: boolean,
  nonlinearity: 'relu' | 'hard-swish',
];

/** Tables 1 and 2 of Howard et al. 2019 (1905.02244), expansions relative to the block's input as Keras has them. */
const rows: Readonly<Record<'Small' | 'Large', readonly Row[]>> = {
  Small: [
    [1, 16, 3, 2, true, 'relu'],
    [72 / 16, 24, 3, 2, false, 'relu'],
    [88 / 24, 24, 3, 1, false, 'relu'],
    [4, 40, 5, 2, true, 'hard-swish'],
    [6, 40, 5, 1, true, 'hard-swish'],
    [6, 40, 5, 1, true, 'hard-swish'],
    [3, 48, 5, 1, true, 'hard-swish'],
    [3, 48, 5, 1, true, 'hard-swish'],
    [6, 96, 5, 2, true, 'hard-swish'],
    [6, 96, 5, 1, true, 'hard-swish'],
    [6, 96, 5, 1, true, 'hard-swish'],
  ],
  Large: [
    [1, 16, 3, 1, false, 'relu'],
    [4, 24, 3, 2, false, 'relu'],
    [3, 24, 3, 1, false, 'relu'],
    [3, 40, 5, 2, true, 'relu'],
    [3, 40, 5, 1, true, 'relu'],
    [3, 40, 5, 1, true, 'relu'],
    [6, 80, 3, 2, false, 'hard-swish'],
    [2.5, 80, 3, 1, false, 'hard-swish'],
    [2.3, 80, 3, 1, false, 'hard-swish'],
    [2.3, 80, 3, 1, false, 'hard-swish'],
    [6, 112, 3, 1, true, 'hard-swish'],
    [6, 112, 3, 1, true, 'hard-swish'],
    [6, 160, 5, 2, true, 'hard-swish'],
    [6, 160, 5, 1, true, 'hard-swish'],
    [6, 160, 5, 1, true, 'hard-swish'],
  ],
};

const statistics = { epsilon: 1e-3, momentum: 0.999 };

/**
 * relu6(x + 3) / 6. Keras writes the sum and the product with Python operators, which its topology holds as operations
 * (TFOpLambda) of these names; here each is a Rescaling.
 */
function hardSigmoid(net: Composition, x: Value): Value {
  const shifted = net.rescale(x, 1, 3, { called: 'tf.__operators__.add' });
  return net.rescale(net.relu(shifted, 6), 1 / 6, 0, { called: 'tf.math.multiply' });
}

function hardSwish(net: Composition, x: Value): Value {
  return net.multiply([x, hardSigmoid(net, x)]);
}

type Nonlinearity = (net: Composition, x: Value) => Value;
const plainRelu: Nonlinearity = (net, x) => net.relu(x, null);

/** Squeeze and excite (1709.01507): a factor for each channel, from the channels' means. */
function excite(net: Composition, input: Value, prefix: string): Value {
  const channels = input.shape[2] ?? 1;
  const name = (part: string): string => `${prefix}squeeze_excite/${part}`;
  let x = net.globalAverage(input, { keepDimensions: true, name: name('AvgPool') });
  x = net.conv(x, roundChannels(channels / 4), 1, { padding: 'same', name: name('Conv') });
  x = net.relu(x, null, name('Relu'));
  x = net.conv(x, channels, 1, { padding: 'same', name: name('Conv_1') });
  return net.multiply([input, hardSigmoid(net, x)], name('Mul'));
}

interface BlockPlan {
  readonly number: number;
  readonly expansion: number;
  readonly filters: number;
  readonly kernel: number;
  readonly strides: 1 | 2;
  readonly excites: boolean;
  readonly activate: Nonlinearity;
}

/** An inverted residual (figure 4): 1 × 1 up, depthwise, squeeze and excite, 1 × 1 down. */
function block(net: Composition, input: Value, plan: BlockPlan): Value {
  const { number, expansion, filters, kernel, strides, activate } = plan;
  const prefix = number === 0 ? 'expanded_conv/' : `expanded_conv_${number}/`;
  const channels = input.shape[2] ?? 1;
  const normalize = (x: Value, of: string): Value =>
    net.batchNorm(x, { ...statistics, name: `${prefix}${of}/BatchNorm` });
  let x = input;
  if (number > 0) {
    const wide = roundChannels(channels * expansion);
    x = net.conv(x, wide, 1, { padding: 'same', bias: false, name: `${prefix}expand` });
    x = activate(net, normalize(x, 'expand'));
  }
  if (strides === 2) x = net.padForStride(x, kernel, `${prefix}depthwise/pad`);
  const padding = strides === 1 ? 'same' : 'valid';
  x = net.depthwise(x, kernel, { strides, padding, bias: false, name: `${prefix}depthwise` });
  x = activate(net, normalize(x, 'depthwise'));
  if (plan.excites) x = excite(net, x, prefix);
  x = net.conv(x, filters, 1, { padding: 'same', bias: false, name: `${prefix}project` });
  x = normalize(x, 'project');
  return strides === 1 && channels === filters ? net.add([input, x], `${prefix}Add`) : x;
}

/**
 * MobileNetV3; minimalistic ones have neither 5 × 5 kernels, squeeze and excite, nor hard swish. Pixels are scaled
 * inside. Keras: mobilenet_v3.MobileNetV3Small, MobileNetV3Large.
 */
function mobileNetV3(size: 'Small' | 'Large', alpha: number, minimalistic: boolean): Architecture {
  const plain = `mobilenet-v3-${size.toLowerCase()}`;
  const variant = minimalistic ? 'minimalistic' : alphaText(alpha);
  return architecture({
    name: `${plain}-${variant}`,
    keras: `MobileNetV3${size}`,
    kerasArguments: { alpha, minimalistic },
    title: `MobileNetV3 ${size} ${variant}`,
    family: 'MobileNetV3',
    paper: '1905.02244',
    inputSize: 224,
    preprocess: 'none',
    spellings: alphaSpellings([minimalistic ? `${plain}-minimalistic` : plain], alpha),
    compose(net, image, options) {
      const activate = minimalistic ? plainRelu : hardSwish;
      let x = net.rescale(image, 1 / 127.5, -1);
      x = net.conv(x, 16, 3, { strides: 2, padding: 'same', bias: false, name: 'Conv' });
      x = activate(net, net.batchNorm(x, { ...statistics, name: 'Conv/BatchNorm' }));
      for (const [number, row] of rows[size].entries()) {
        const [expansion, channels, kernel, strides, excites, nonlinearity] = row;
        x = block(net, x, {
          number,
          expansion,
          filters: roundChannels(channels * alpha),
          kernel: minimalistic ? 3 : kernel,
          strides,
          excites: excites && !minimalistic,
          activate: nonlinearity === 'relu' ? plainRelu : activate,
        });
      }
      const wide = roundChannels((x.shape[2] ?? 1) * 6);
      x = net.conv(x, wide, 1, { padding: 'same', bias: false, name: 'Conv_1' });
      x = activate(net, net.batchNorm(x, { ...statistics, name: 'Conv_1/BatchNorm' }));
      if (!options.includeTop) return withoutTop(net, x, options, 'avg_pool');
      const last = size === 'Small' ? 1024 : 1280;
      x = net.globalAverage(x, { keepDimensions: true });
      x = net.conv(x, alpha > 1 ? roundChannels(last * alpha) : last, 1, { padding: 'same', name: 'Conv_2' });
      x = net.dropout(activate(net, x), 0.2);
      x = net.conv(x, options.classes, 1, { padding: 'same', name: 'Logits' });
      return net.activation(net.layer('Flatten', {}, [x], undefined), 'softmax', 'Predictions');
    },
  });
}

export const mobileNetV3s = (['Small', 'Large'] as const).flatMap((size) => [
  mobileNetV3(size, 0.75, false),
  mobileNetV3(size, 1, false),
  mobileNetV3(size, 1, true),
]);
