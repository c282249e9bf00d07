import { architecture, softmaxTop } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { branch, convolve, inceptionStem, poolBranch } from './convolution.ts';

/** Factorised 5 × 5 beside 3 × 3, 1 × 1 and pooling (Szegedy et al. 2015, 1512.00567, figure 5). */
function mixedA(net: Composition, x: Value, name: string, pooled: number): Value {
  const one = branch(net, x, [[64, 1]]);
  const five = branch(net, x, [
    [48, 1],
    [64, 5],
  ]);
  const three = branch(net, x, [
    [64, 1],
    [96, 3],
    [96, 3],
  ]);
  return net.concat([one, five, three, poolBranch(net, x, pooled)], name);
}

/** 7 × 7 as 1 × 7 and 7 × 1, once and twice (figure 6); `width` is that of the inner convolutions. */
function mixedB(net: Composition, x: Value, name: string, width: number): Value {
  const one = branch(net, x, [[192, 1]]);
  const seven = branch(net, x, [
    [width, 1],
    [width, [1, 7]],
    [192, [7, 1]],
  ]);
  const twice = branch(net, x, [
    [width, 1],
    [width, [7, 1]],
    [width, [1, 7]],
    [width, [7, 1]],
    [192, [1, 7]],
  ]);
  return net.concat([one, seven, twice, poolBranch(net, x, 192)], name);
}

/** 3 × 3 as 1 × 3 beside 3 × 1 (figure 7). */
function mixedC(net: Composition, x: Value, name: string, inner: string): Value {
  const split = (from: Value, joined?: string): Value => {
    const row = convolve(net, from, 384, [1, 3]);
    const column = convolve(net, from, 384, [3, 1]);
    return net.concat([row, column], joined);
  };
  const one = branch(net, x, [[320, 1]]);
  const three = split(branch(net, x, [[384, 1]]), inner);
  const twice = split(
    branch(net, x, [
      [448, 1],
      [384, 3],
    ]),
  );
  return net.concat([one, three, twice, poolBranch(net, x, 192)], name);
}

/** Inception V3. Keras: inception_v3.InceptionV3, whose layers other than `mixed…` have no names of their own. */
export const inceptionV3 = architecture({
  name: 'inception-v3',
  keras: 'InceptionV3',
  title: 'Inception V3',
  family: 'Inception',
  paper: '1512.00567',
  inputSize: 299,
  minimumSize: 75,
  preprocess: 'tf',
  spellings: ['inception'],
  compose(net, image, options) {
    let x = inceptionStem(net, image);
    x = mixedA(net, x, 'mixed0', 32);
    x = mixedA(net, x, 'mixed1', 64);
    x = mixedA(net, x, 'mixed2', 64);
    const shrunk = branch(net, x, [[384, 3, 'shrink']]);
    const deep = branch(net, x, [
      [64, 1],
      [96, 3],
      [96, 3, 'shrink'],
    ]);
    x = net.concat([shrunk, deep, net.maxPool(x, 3, { strides: 2 })], 'mixed3');
    for (const [index, width] of [128, 160, 160, 192].entries())
      x = mixedB(net, x, `mixed${index + 4}`, width);
    const three = branch(net, x, [
      [192, 1],
      [320, 3, 'shrink'],
    ]);
    const seven = branch(net, x, [
      [192, 1],
      [192, [1, 7]],
      [192, [7, 1]],
      [192, 3, 'shrink'],
    ]);
    x = net.concat([three, seven, net.maxPool(x, 3, { strides: 2 })], 'mixed8');
    x = mixedC(net, x, 'mixed9', 'mixed9_0');
    x = mixedC(net, x, 'mixed10', 'mixed9_1');
    return softmaxTop(net, x, options, { pool: 'avg_pool', poolWithoutTop: null });
  },
});
