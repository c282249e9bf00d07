import { architecture, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { ring } from './resNet.ts';

const epsilon = 1.001e-5;
/** Channels each layer adds: k in the paper. */
const growth = 32;

/** A DenseNet-B layer (Huang et al. 2016, 1608.06993, section 3): what it computes is joined to what it was given. */
function denseLayer(net: Composition, input: Value, name: string): Value {
  let x = net.batchNorm(input, { epsilon, name: `${name}_0_bn` });
  x = net.activation(x, 'relu', `${name}_0_relu`);
  x = net.conv(x, 4 * growth, 1, { bias: false, name: `${name}_1_conv` });
  x = net.batchNorm(x, { epsilon, name: `${name}_1_bn` });
  x = net.activation(x, 'relu', `${name}_1_relu`);
  x = net.conv(x, growth, 3, { padding: 'same', bias: false, name: `${name}_2_conv` });
  return net.concat([input, x], `${name}_concat`);
}

/** Halves channels and image between dense blocks (compression θ = 0.5). */
function transition(net: Composition, input: Value, name: string): Value {
  let x = net.batchNorm(input, { epsilon, name: `${name}_bn` });
  x = net.activation(x, 'relu', `${name}_relu`);
  x = net.conv(x, Math.floor((x.shape[2] ?? 2) / 2), 1, { bias: false, name: `${name}_conv` });
  return net.averagePool(x, 2, { name: `${name}_pool` });
}

/** DenseNet-BC (table 1). Keras: densenet.DenseNet121, DenseNet169, DenseNet201. */
function denseNet(depth: number, stages: readonly number[]): Architecture {
  return architecture({
    name: `densenet${depth}`,
    keras: `DenseNet${depth}`,
    title: `DenseNet-${depth}`,
    family: 'DenseNet',
    paper: '1608.06993',
    inputSize: 224,
    preprocess: 'torch',
    compose(net, image, options) {
      let x = net.pad(image, ring(3));
      x = net.conv(x, 64, 7, { strides: 2, bias: false, name: 'conv1/conv' });
      x = net.batchNorm(x, { epsilon, name: 'conv1/bn' });
      x = net.activation(x, 'relu', 'conv1/relu');
      x = net.pad(x, ring(1));
      x = net.maxPool(x, 3, { strides: 2, name: 'pool1' });
      for (const [stage, layers] of stages.entries()) {
        if (stage > 0) x = transition(net, x, `pool${stage + 1}`);
        for (let layer = 1; layer <= layers; layer += 1)
          x = denseLayer(net, x, `conv${stage + 2}_block${layer}`);
      }
      x = net.batchNorm(x, { epsilon, name: 'bn' });
      x = net.activation(x, 'relu', 'relu');
      return softmaxTop(net, x, options, { pool: 'avg_pool' });
    },
  });
}

export const denseNets = [
  denseNet(121, [6, 12, 24, 16]),
  denseNet(169, [6, 12, 32, 32]),
  denseNet(201, [6, 12, 48, 32]),
];
