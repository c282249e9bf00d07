import { architecture, withoutTop } from '../architecture.ts';
import type { Architecture } from '../architecture.ts';
import type { Composition, Value } from '../compose/composition.ts';

const epsilon = 1e-6;
const mean = [0.485, 0.456, 0.406].map((value) => value * 255);
const variance = [0.229, 0.224, 0.225].map((value) => (value * 255) ** 2);

/**
 * A ConvNeXt block (Liu et al. 2022, 2201.03545, figure 4): 7 × 7 depthwise, layer normalisation, four times the
 * channels and back, scaled by a learnt factor for each channel (LayerScale, 2103.17239), added to the input.
 */
function block(net: Composition, input: Value, name: string): Value {
  const channels = input.shape[2] ?? 1;
  let x = net.conv(input, channels, 7, {
    padding: 'same',
    groups: channels,
    name: `${name}_depthwise_conv`,
  });
  x = net.layerNorm(x, epsilon, `${name}_layernorm`);
  x = net.dense(x, 4 * channels, { name: `${name}_pointwise_conv_1` });
  x = net.activation(x, 'gelu', `${name}_gelu`);
  x = net.dense(x, channels, { name: `${name}_pointwise_conv_2` });
  x = net.layer('LayerScale', { init_values: 1e-6, projection_dim: channels }, [x], `${name}_layer_scale`);
  // Keras builds its ConvNeXts without stochastic depth.
  x = net.activation(x, 'linear', `${name}_identity`);
  return net.layer('Add', {}, [input, x], undefined, 'tf.__operators__.add');
}

/**
 * ConvNeXt: four stages, each but the first behind a 2 × 2 strided convolution. Pixels are normalised inside.
 * Keras: convnext.ConvNeXtTiny to ConvNeXtXLarge; its `…_stem` and `…_downsampling_block_N` are models of two layers
 * each, which are written out here.
 */
function convNeXt(size: string, depths: readonly number[], channels: readonly number[]): Architecture {
  const model = `convnext_${size.toLowerCase()}`;
  return architecture({
    name: `convnext-${size.toLowerCase()}`,
    keras: `ConvNeXt${size}`,
    title: `ConvNeXt ${size}`,
    family: 'ConvNeXt',
    paper: '2201.03545',
    inputSize: 224,
    preprocess: 'none',
    spellings: [`convnext-${abbreviations[size] ?? size}`],
    nested: nestedLayers(model),
    poolsInside: true,
    compose(net, image, options) {
      let x = net.layer(
        'Normalization',
        { axis: [3], mean, variance },
        [image],
        `${model}_prestem_normalization`,
      );
      for (const [stage, depth] of depths.entries()) {
        const width = channels[stage] ?? 1;
        if (stage === 0) {
          x = net.conv(x, width, 4, { strides: 4, name: `${model}_stem_conv` });
          x = net.layerNorm(x, epsilon, `${model}_stem_layernorm`);
        } else {
          x = net.layerNorm(x, epsilon, `${model}_downsampling_layernorm_${stage - 1}`);
          x = net.conv(x, width, 2, { strides: 2, name: `${model}_downsampling_conv_${stage - 1}` });
        }
        for (let number = 0; number < depth; number += 1)
          x = block(net, x, `${model}_stage_${stage}_block_${number}`);
      }
      if (!options.includeTop) return net.layerNorm(withoutTop(net, x, options), epsilon);
      x = net.globalAverage(x, { name: `${model}_head_gap` });
      x = net.layerNorm(x, epsilon, `${model}_head_layernorm`);
      return net.dense(x, options.classes, { activation: 'softmax', name: `${model}_head_dense` });
    },
  });
}

/** Keras's stem and downsampling are Sequential models. */
function nestedLayers(model: string): ReadonlyMap<string, string> {
  const pairs = [0, 1, 2].flatMap((number) =>
    ['layernorm', 'conv'].map(
      (part) => [`${model}_downsampling_${part}_${number}`, `${model}_downsampling_block_${number}`] as const,
    ),
  );
  return new Map([
    [`${model}_stem_conv`, `${model}_stem`],
    [`${model}_stem_layernorm`, `${model}_stem`],
    ...pairs,
  ]);
}

const abbreviations: Readonly<Record<string, string>> = {
  Tiny: 't',
  Small: 's',
  Base: 'b',
  Large: 'l',
  XLarge: 'xl',
};

export const convNeXts = [
  convNeXt('Tiny', [3, 3, 9, 3], [96, 192, 384, 768]),
  convNeXt('Small', [3, 3, 27, 3], [96, 192, 384, 768]),
  convNeXt('Base', [3, 3, 27, 3], [128, 256, 512, 1024]),
  convNeXt('Large', [3, 3, 27, 3], [192, 384, 768, 1536]),
  convNeXt('XLarge', [3, 3, 27, 3], [256, 512, 1024, 2048]),
];
