import { architecture, softmaxTop } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';

/** A separable convolution and its normalisation. */
function separable(net: Composition, x: Value, filters: number, name: string): Value {
  const spread = net.separable(x, filters, 3, { padding: 'same', bias: false, name });
  return net.batchNorm(spread, { name: `${name}_bn` });
}

/** The halved, projected shortcut of the blocks that shrink the image. */
function project(net: Composition, x: Value, filters: number): Value {
  return net.batchNorm(net.conv(x, filters, 1, { strides: 2, padding: 'same', bias: false }));
}

/** Two separable convolutions and a max pooling beside a projected shortcut (figure 5, entry and exit flow). */
function shrink(net: Composition, input: Value, block: string, widths: readonly [number, number]): Value {
  const shortcut = project(net, input, widths[1]);
  // The first block follows an activation; all others begin with one.
  const activated = block === 'block2' ? input : net.activation(input, 'relu', `${block}_sepconv1_act`);
  let x = separable(net, activated, widths[0], `${block}_sepconv1`);
  x = net.activation(x, 'relu', `${block}_sepconv2_act`);
  x = separable(net, x, widths[1], `${block}_sepconv2`);
  x = net.maxPool(x, 3, { strides: 2, padding: 'same', name: `${block}_pool` });
  return net.add([x, shortcut]);
}

/** A block of the middle flow: three separable convolutions added to their input. */
function middle(net: Composition, input: Value, block: string): Value {
  let x = input;
  for (const number of [1, 2, 3]) {
    x = net.activation(x, 'relu', `${block}_sepconv${number}_act`);
    x = separable(net, x, 728, `${block}_sepconv${number}`);
  }
  return net.add([x, input]);
}

/** Xception (Chollet 2016, 1610.02357, figure 5). Keras: xception.Xception. */
export const xception = architecture({
  name: 'xception',
  keras: 'Xception',
  title: 'Xception',
  family: 'Xception',
  paper: '1610.02357',
  inputSize: 299,
  minimumSize: 71,
  preprocess: 'tf',
  compose(net, image, options) {
    let x = net.conv(image, 32, 3, { strides: 2, bias: false, name: 'block1_conv1' });
    x = net.batchNorm(x, { name: 'block1_conv1_bn' });
    x = net.activation(x, 'relu', 'block1_conv1_act');
    x = net.conv(x, 64, 3, { bias: false, name: 'block1_conv2' });
    x = net.batchNorm(x, { name: 'block1_conv2_bn' });
    x = net.activation(x, 'relu', 'block1_conv2_act');
    x = shrink(net, x, 'block2', [128, 128]);
    x = shrink(net, x, 'block3', [256, 256]);
    x = shrink(net, x, 'block4', [728, 728]);
    for (let number = 5; number <= 12; number += 1) x = middle(net, x, `block${number}`);
    x = shrink(net, x, 'block13', [728, 1024]);
    x = separable(net, x, 1536, 'block14_sepconv1');
    x = net.activation(x, 'relu', 'block14_sepconv1_act');
    x = separable(net, x, 2048, 'block14_sepconv2');
    x = net.activation(x, 'relu', 'block14_sepconv2_act');
    return softmaxTop(net, x, options, { pool: 'avg_pool', poolWithoutTop: null });
  },
});
