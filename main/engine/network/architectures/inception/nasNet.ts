import { architecture, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';

const momentum = 0.9997;

/** ReLU, separable convolution, normalisation, twice; the first may halve the image. */
function separable(
  net: Composition,
  input: Value,
  filters: number,
  kernel: number,
  id: string,
  strides: 1 | 2 = 1,
): Value {
  let x = net.activation(input, 'relu');
  if (strides === 2) x = net.padForStride(x, kernel, `separable_conv_1_pad_${id}`);
  x = net.separable(x, filters, kernel, {
    strides,
    padding: strides === 2 ? 'valid' : 'same',
    bias: false,
    name: `separable_conv_1_${id}`,
  });
  x = net.batchNorm(x, { momentum, name: `separable_conv_1_bn_${id}` });
  x = net.activation(x, 'relu');
  x = net.separable(x, filters, kernel, { padding: 'same', bias: false, name: `separable_conv_2_${id}` });
  return net.batchNorm(x, { momentum, name: `separable_conv_2_bn_${id}` });
}

/** A ReLU, a 1 × 1 convolution and its normalisation. */
function squeeze(net: Composition, input: Value, filters: number, convolution: string, norm: string): Value {
  const x = net.conv(net.activation(input, 'relu'), filters, 1, {
    padding: 'same',
    bias: false,
    name: convolution,
  });
  return net.batchNorm(x, { momentum, name: norm });
}

/** Brings the output of the cell before last to the size and width of the last one's. */
function adjust(net: Composition, previous: Value | null, input: Value, filters: number, id: string): Value {
  if (previous === null) return input;
  if (previous.shape[1] === input.shape[1]) {
    if (previous.shape[2] === filters) return previous;
    return squeeze(net, previous, filters, `adjust_conv_projection_${id}`, `adjust_bn_${id}`);
  }
  const half = Math.floor(filters / 2);
  const x = net.activation(previous, 'relu', `adjust_relu_1_${id}`);
  let even = net.averagePool(x, 1, { strides: 2, name: `adjust_avg_pool_1_${id}` });
  even = net.conv(even, half, 1, { padding: 'same', bias: false, name: `adjust_conv_1_${id}` });
  // Shifted by one pixel, so that the other pixels count too.
  let odd = net.pad(x, [
    [0, 1],
    [0, 1],
  ]);
  odd = net.layer(
    'Cropping2D',
    {
      cropping: [
        [1, 0],
        [1, 0],
      ],
    },
    [odd],
    undefined,
  );
  odd = net.averagePool(odd, 1, { strides: 2, name: `adjust_avg_pool_2_${id}` });
  odd = net.conv(odd, half, 1, { padding: 'same', bias: false, name: `adjust_conv_2_${id}` });
  return net.batchNorm(net.concat([even, odd]), { momentum, name: `adjust_bn_${id}` });
}

/** The normal cell of NASNet-A (Zoph et al. 2017, 1707.07012, figure 4 left). */
function normalCell(net: Composition, input: Value, previous: Value, filters: number, id: string): Value {
  const p = adjust(net, previous, input, filters, id);
  const h = squeeze(net, input, filters, `normal_conv_1_${id}`, `normal_bn_1_${id}`);
  const average = (x: Value, side: string): Value =>
    net.averagePool(x, 3, { strides: 1, padding: 'same', name: `normal_${side}_${id}` });
  const sum = (number: number, a: Value, b: Value): Value => net.add([a, b], `normal_add_${number}_${id}`);
  const x1 = sum(
    1,
    separable(net, h, filters, 5, `normal_left1_${id}`),
    separable(net, p, filters, 3, `normal_right1_${id}`),
  );
  const x2 = sum(
    2,
    separable(net, p, filters, 5, `normal_left2_${id}`),
    separable(net, p, filters, 3, `normal_right2_${id}`),
  );
  const x3 = sum(3, average(h, 'left3'), p);
  const x4 = sum(4, average(p, 'left4'), average(p, 'right4'));
  const x5 = sum(5, separable(net, h, filters, 3, `normal_left5_${id}`), h);
  return net.concat([p, x1, x2, x3, x4, x5], `normal_concat_${id}`);
}

/** The reduction cell of NASNet-A (figure 4 right). */
function reductionCell(
  net: Composition,
  input: Value,
  previous: Value | null,
  filters: number,
  id: string,
): Value {
  const p = adjust(net, previous, input, filters, id);
  const h = squeeze(net, input, filters, `reduction_conv_1_${id}`, `reduction_bn_1_${id}`);
  const padded = net.padForStride(h, 3, `reduction_pad_1_${id}`);
  const name = (part: string): { name: string } => ({ name: `reduction_${part}_${id}` });
  const x1 = net.add(
    [
      separable(net, h, filters, 5, `reduction_left1_${id}`, 2),
      separable(net, p, filters, 7, `reduction_right1_${id}`, 2),
    ],
    `reduction_add_1_${id}`,
  );
  const left2 = net.maxPool(padded, 3, { strides: 2, ...name('left2') });
  const right2 = separable(net, p, filters, 7, `reduction_right2_${id}`, 2);
  const x2 = net.add([left2, right2], `reduction_add_2_${id}`);
  const left3 = net.averagePool(padded, 3, { strides: 2, ...name('left3') });
  const right3 = separable(net, p, filters, 5, `reduction_right3_${id}`, 2);
  const x3 = net.add([left3, right3], `reduction_add3_${id}`);
  const left4 = net.averagePool(x1, 3, { strides: 1, padding: 'same', ...name('left4') });
  const x4 = net.add([x2, left4]);
  const left5 = separable(net, x1, filters, 3, `reduction_left4_${id}`);
  const right5 = net.maxPool(padded, 3, { strides: 2, ...name('right5') });
  const x5 = net.add([left5, right5], `reduction_add4_${id}`);
  return net.concat([x2, x3, x4, x5], `reduction_concat_${id}`);
}

/** The last value and the one before it: each cell reads both. */
interface Pair {
  readonly last: Value;
  readonly before: Value;
}

interface Plan {
  readonly size: 'Mobile' | 'Large';
  readonly inputSize: number;
  /** N in the paper: normal cells between reductions. */
  readonly cells: number;
  /** Channels of the last cell's output, and of the first convolution's. */
  readonly penultimate: number;
  readonly stem: number;
  /** Whether the cell after a reduction reads the reduction's own input as the value before it. */
  readonly skipsReduction: boolean;
}

/** NASNet-A (N @ P): stem, three rows of normal cells, a reduction between rows. Keras: nasnet.NASNetMobile, NASNetLarge. */
function nasNet({ size, inputSize, cells, penultimate, stem, skipsReduction }: Plan): Architecture {
  return architecture({
    name: `nasnet-${size.toLowerCase()}`,
    keras: `NASNet${size}`,
    title: `NASNet-A ${size}`,
    family: 'NASNet',
    paper: '1707.07012',
    inputSize,
    preprocess: 'tf',
    compose(net, image, options) {
      const filters = penultimate / 24;
      const row = (from: Pair, width: number, first: number): Pair => {
        let { last, before } = from;
        for (let number = first; number < first + cells; number += 1)
          [last, before] = [normalCell(net, last, before, width, String(number)), last];
        return { last, before };
      };
      const reduce = ({ last, before }: Pair, width: number, id: string): Pair => ({
        last: reductionCell(net, last, before, width, id),
        before: skipsReduction ? before : last,
      });
      let first = net.conv(image, stem, 3, { strides: 2, bias: false, name: 'stem_conv1' });
      first = net.batchNorm(first, { momentum, name: 'stem_bn1' });
      const one = reductionCell(net, first, null, filters / 4, 'stem_1');
      const two = reductionCell(net, one, first, filters / 2, 'stem_2');
      let state = row({ last: two, before: one }, filters, 0);
      state = reduce(state, filters * 2, `reduce_${cells}`);
      state = row(state, filters * 2, cells + 1);
      state = reduce(state, filters * 4, `reduce_${2 * cells}`);
      state = row(state, filters * 4, 2 * cells + 1);
      return softmaxTop(net, net.activation(state.last, 'relu'), options);
    },
  });
}

export const nasNets = [
  nasNet({ size: 'Mobile', inputSize: 224, cells: 4, penultimate: 1056, stem: 32, skipsReduction: false }),
  nasNet({ size: 'Large', inputSize: 331, cells: 6, penultimate: 4032, stem: 96, skipsReduction: true }),
];
