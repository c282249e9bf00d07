import { architecture, softmaxTop } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import type { Step } from './convolution.ts';
import { branch, convolve, inceptionStem, poolBranch } from './convolution.ts';

type Branches = readonly (readonly Step[])[];

/** The Inception-ResNet blocks A, B and C (Szegedy et al. 2016, 1602.07261, figures 16, 17 and 19). */
const blocks: Readonly<Record<'block35' | 'block17' | 'block8', Branches>> = {
  block35: [
    [[32, 1]],
    [
      [32, 1],
      [32, 3],
    ],
    [
      [32, 1],
      [48, 3],
      [64, 3],
    ],
  ],
  block17: [
    [[192, 1]],
    [
      [128, 1],
      [160, [1, 7]],
      [192, [7, 1]],
    ],
  ],
  block8: [
    [[192, 1]],
    [
      [192, 1],
      [224, [1, 3]],
      [256, [3, 1]],
    ],
  ],
};

/**
 * Branches joined, brought to the input's width, scaled down and added to it. Keras 2.13 and later write the scaled sum
 * as a layer of their own, CustomScaleLayer; earlier ones as a Lambda.
 */
function residual(
  net: Composition,
  input: Value,
  kind: keyof typeof blocks,
  number: number,
  scale: number,
  activation: 'relu' | null = 'relu',
): Value {
  const name = `${kind}_${number}`;
  const branches = blocks[kind].map((steps) => branch(net, input, steps));
  const mixed = net.concat(branches, `${name}_mixed`);
  const up = net.conv(mixed, input.shape[2] ?? 1, 1, { padding: 'same', name: `${name}_conv` });
  const sum = net.layer('CustomScaleLayer', { scale }, [input, up], undefined);
  return activation === null ? sum : net.activation(sum, activation, `${name}_ac`);
}

/** Branches that halve the image, beside a max pooling. */
function reduction(net: Composition, input: Value, name: string, branches: Branches): Value {
  const shrunk = branches.map((steps) => branch(net, input, steps));
  return net.concat([...shrunk, net.maxPool(input, 3, { strides: 2 })], name);
}

/** Inception-ResNet V2. Keras: inception_resnet_v2.InceptionResNetV2. */
export const inceptionResNetV2 = architecture({
  name: 'inception-resnet-v2',
  keras: 'InceptionResNetV2',
  title: 'Inception-ResNet V2',
  family: 'Inception',
  paper: '1602.07261',
  inputSize: 299,
  minimumSize: 75,
  preprocess: 'tf',
  compose(net, image, options) {
    let x = inceptionStem(net, image);
    const five = branches5b.map((steps) => branch(net, x, steps));
    x = net.concat([...five, poolBranch(net, x, 64)], 'mixed_5b');
    for (let number = 1; number <= 10; number += 1) x = residual(net, x, 'block35', number, 0.17);
    x = reduction(net, x, 'mixed_6a', [
      [[384, 3, 'shrink']],
      [
        [256, 1],
        [256, 3],
        [384, 3, 'shrink'],
      ],
    ]);
    for (let number = 1; number <= 20; number += 1) x = residual(net, x, 'block17', number, 0.1);
    x = reduction(net, x, 'mixed_7a', [
      [
        [256, 1],
        [384, 3, 'shrink'],
      ],
      [
        [256, 1],
        [288, 3, 'shrink'],
      ],
      [
        [256, 1],
        [288, 3],
        [320, 3, 'shrink'],
      ],
    ]);
    for (let number = 1; number <= 9; number += 1) x = residual(net, x, 'block8', number, 0.2);
    x = residual(net, x, 'block8', 10, 1, null);
    x = convolve(net, x, 1536, 1, { name: 'conv_7b' });
    return softmaxTop(net, x, options, { pool: 'avg_pool', poolWithoutTop: null });
  },
});

/** Inception-A, which widens the stem's output before the first residual block. */
const branches5b: Branches = [
  [[96, 1]],
  [
    [48, 1],
    [64, 5],
  ],
  [
    [64, 1],
    [96, 3],
    [96, 3],
  ],
];
