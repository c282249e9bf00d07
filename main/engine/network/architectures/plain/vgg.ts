import { architecture, withoutTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';

/**
 * VGG: blocks of 3 × 3 convolutions, halved by a max pooling (Simonyan and Zisserman 2014, 1409.1556, configurations D
 * and E). Keras: vgg16.VGG16, vgg19.VGG19.
 */
function vgg(depth: 16 | 19, convolutions: readonly number[]): Architecture {
  return architecture({
    name: `vgg${depth}`,
    keras: `VGG${depth}`,
    title: `VGG-${depth}`,
    family: 'VGG',
    paper: '1409.1556',
    inputSize: 224,
    preprocess: 'caffe',
    compose(net, image, options) {
      let x = image;
      for (const [index, count] of convolutions.entries()) {
        const block = `block${index + 1}`;
        const filters = Math.min(64 * 2 ** index, 512);
        for (let number = 1; number <= count; number += 1)
          x = net.conv(x, filters, 3, {
            padding: 'same',
            activation: 'relu',
            name: `${block}_conv${number}`,
          });
        x = net.maxPool(x, 2, { name: `${block}_pool` });
      }
      if (!options.includeTop) return withoutTop(net, x, options);
      x = net.layer('Flatten', {}, [x], 'flatten');
      x = net.dense(x, 4096, { activation: 'relu', name: 'fc1' });
      x = net.dense(x, 4096, { activation: 'relu', name: 'fc2' });
      return net.dense(x, options.classes, { activation: 'softmax', name: 'predictions' });
    },
  });
}

export const vggs = [vgg(16, [2, 2, 3, 3, 3]), vgg(19, [2, 2, 4, 4, 4])];
