import { architecture, withoutTop } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';

/**
 * A fire module (Iandola et al. 2016, 1602.07360, section 3.1): a 1 × 1 convolution squeezes the channels, a 1 × 1 and a
 * 3 × 3 convolution expand them side by side.
 */
function fire(net: Composition, input: Value, number: number, squeezed: number, expanded: number): Value {
  const name = (part: string): string => `fire${number}/${part}`;
  let x = net.conv(input, squeezed, 1, { name: name('squeeze1x1') });
  x = net.activation(x, 'relu', name('relu_squeeze1x1'));
  let narrow = net.conv(x, expanded, 1, { name: name('expand1x1') });
  narrow = net.activation(narrow, 'relu', name('relu_expand1x1'));
  let wide = net.conv(x, expanded, 3, { padding: 'same', name: name('expand3x3') });
  wide = net.activation(wide, 'relu', name('relu_expand3x3'));
  return net.concat([narrow, wide], name('concat'));
}

/**
 * SqueezeNet 1.1, with the layer names of the keras-squeezenet package. Keras Applications has none; it is the smallest
 * network with ImageNet weights.
 */
export const squeezeNet = architecture({
  name: 'squeezenet-1.1',
  keras: null,
  title: 'SqueezeNet 1.1',
  family: 'SqueezeNet',
  paper: '1602.07360',
  inputSize: 227,
  notes: [
    'Its features are three to four times as large as those of a MobileNet. On photos of 5 kinds of flowers a learning rate of 0.001 gives 87.0 %, the usual one 86.0 %.',
  ],
  minimumSize: 48,
  preprocess: 'caffe',
  spellings: ['squeezenet'],
  compose(net, image, options) {
    let x = net.conv(image, 64, 3, { strides: 2, name: 'conv1' });
    x = net.activation(x, 'relu', 'relu_conv1');
    x = net.maxPool(x, 3, { strides: 2, name: 'pool1' });
    x = fire(net, x, 2, 16, 64);
    x = fire(net, x, 3, 16, 64);
    x = net.maxPool(x, 3, { strides: 2, name: 'pool3' });
    x = fire(net, x, 4, 32, 128);
    x = fire(net, x, 5, 32, 128);
    x = net.maxPool(x, 3, { strides: 2, name: 'pool5' });
    x = fire(net, x, 6, 48, 192);
    x = fire(net, x, 7, 48, 192);
    x = fire(net, x, 8, 64, 256);
    x = fire(net, x, 9, 64, 256);
    x = net.dropout(x, 0.5, 'drop9');
    if (!options.includeTop) return withoutTop(net, x, options);
    x = net.conv(x, options.classes, 1, { name: 'conv10' });
    x = net.activation(x, 'relu', 'relu_conv10');
    x = net.globalAverage(x);
    return net.activation(x, 'softmax', 'loss');
  },
});
