import { architecture, softmaxTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';

const epsilon = 1.001e-5;

/**
 * A bottleneck (He et al. 2015, 1512.03385, figure 5 right): 1 × 1 down, 3 × 3, 1 × 1 up, added to the shortcut, which
 * the first of a stage projects.
 */
function bottleneck(
  net: Composition,
  input: Value,
  name: string,
  filters: number,
  strides: number,
  projects: boolean,
): Value {
  const step = (from: Value, number: number, width: number, kernel: number, stride: number): Value => {
    const options = { strides: stride, padding: kernel === 1 ? 'valid' : 'same' } as const;
    const x = net.conv(from, width, kernel, { ...options, name: `${name}_${number}_conv` });
    return net.batchNorm(x, { epsilon, name: `${name}_${number}_bn` });
  };
  const shortcut = projects ? step(input, 0, 4 * filters, 1, strides) : input;
  let x = net.activation(step(input, 1, filters, 1, strides), 'relu', `${name}_1_relu`);
  x = net.activation(step(x, 2, filters, 3, 1), 'relu', `${name}_2_relu`);
  x = net.add([shortcut, step(x, 3, 4 * filters, 1, 1)], `${name}_add`);
  return net.activation(x, 'relu', `${name}_out`);
}

/** ResNet: a 7 × 7 stem, then four stages of bottlenecks (table 1). Keras: resnet.ResNet50, ResNet101, ResNet152. */
function resNet(depth: number, stages: readonly number[]): Architecture {
  return architecture({
    name: `resnet${depth}`,
    keras: `ResNet${depth}`,
    title: `ResNet-${depth}`,
    family: 'ResNet',
    paper: '1512.03385',
    inputSize: 224,
    preprocess: 'caffe',
    spellings: [`resnet${depth}v1`],
    compose(net, image, options) {
      let x = net.pad(image, ring(3), 'conv1_pad');
      x = net.conv(x, 64, 7, { strides: 2, name: 'conv1_conv' });
      x = net.batchNorm(x, { epsilon, name: 'conv1_bn' });
      x = net.activation(x, 'relu', 'conv1_relu');
      x = net.pad(x, ring(1), 'pool1_pad');
      x = net.maxPool(x, 3, { strides: 2, name: 'pool1_pool' });
      for (const [stage, blocks] of stages.entries())
        for (let block = 1; block <= blocks; block += 1) {
          const name = `conv${stage + 2}_block${block}`;
          const strides = block === 1 && stage > 0 ? 2 : 1;
          x = bottleneck(net, x, name, 64 * 2 ** stage, strides, block === 1);
        }
      return softmaxTop(net, x, options, { pool: 'avg_pool' });
    },
  });
}

/** So many zeros on every side. */
export function ring(width: number): [[number, number], [number, number]] {
  return [
    [width, width],
    [width, width],
  ];
}

export const resNets = [resNet(50, [3, 4, 6, 3]), resNet(101, [3, 4, 23, 3]), resNet(152, [3, 8, 36, 3])];
