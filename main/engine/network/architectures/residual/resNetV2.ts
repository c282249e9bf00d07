import { architecture, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';
import { ring } from './resNet.ts';

const epsilon = 1.001e-5;

/**
 * A bottleneck with pre-activation (He et al. 2016, 1603.05027, figure 4e): normalisation and ReLU come before each
 * convolution, and the sum is handed on as it is. The last block of a stage has the stride.
 */
function bottleneck(
  net: Composition,
  input: Value,
  name: string,
  filters: number,
  strides: number,
  projects: boolean,
): Value {
  let before = net.batchNorm(input, { epsilon, name: `${name}_preact_bn` });
  before = net.activation(before, 'relu', `${name}_preact_relu`);
  const shortcut = (): Value => {
    if (projects) return net.conv(before, 4 * filters, 1, { strides, name: `${name}_0_conv` });
    return strides > 1 ? net.maxPool(input, 1, { strides }) : input;
  };
  const kept = shortcut();
  let x = net.conv(before, filters, 1, { bias: false, name: `${name}_1_conv` });
  x = net.batchNorm(x, { epsilon, name: `${name}_1_bn` });
  x = net.activation(x, 'relu', `${name}_1_relu`);
  x = net.pad(x, ring(1), `${name}_2_pad`);
  x = net.conv(x, filters, 3, { strides, bias: false, name: `${name}_2_conv` });
  x = net.batchNorm(x, { epsilon, name: `${name}_2_bn` });
  x = net.activation(x, 'relu', `${name}_2_relu`);
  x = net.conv(x, 4 * filters, 1, { name: `${name}_3_conv` });
  return net.add([kept, x], `${name}_out`);
}

/** ResNet V2. Keras: resnet_v2.ResNet50V2, ResNet101V2, ResNet152V2. */
function resNetV2(depth: number, stages: readonly number[]): Architecture {
  return architecture({
    name: `resnet${depth}-v2`,
    keras: `ResNet${depth}V2`,
    title: `ResNet-${depth} V2`,
    family: 'ResNet V2',
    paper: '1603.05027',
    inputSize: 224,
    preprocess: 'tf',
    spellings: [`resnet-v2-${depth}`],
    compose(net, image, options) {
      let x = net.pad(image, ring(3), 'conv1_pad');
      x = net.conv(x, 64, 7, { strides: 2, name: 'conv1_conv' });
      x = net.pad(x, ring(1), 'pool1_pad');
      x = net.maxPool(x, 3, { strides: 2, name: 'pool1_pool' });
      for (const [stage, blocks] of stages.entries())
        for (let block = 1; block <= blocks; block += 1) {
          const name = `conv${stage + 2}_block${block}`;
          const strides = block === blocks && stage < stages.length - 1 ? 2 : 1;
          x = bottleneck(net, x, name, 64 * 2 ** stage, strides, block === 1);
        }
      x = net.batchNorm(x, { epsilon, name: 'post_bn' });
      x = net.activation(x, 'relu', 'post_relu');
      return softmaxTop(net, x, options, { pool: 'avg_pool' });
    },
  });
}

export const resNetV2s = [
  resNetV2(50, [3, 4, 6, 3]),
  resNetV2(101, [3, 4, 23, 3]),
  resNetV2(152, [3, 8, 36, 3]),
];
