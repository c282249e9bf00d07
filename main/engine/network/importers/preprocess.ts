import type { Layer, Network, Preprocess } from '../../../../shared/domain/network.ts';

/** Layers that scale pixels themselves; what follows them wants raw pixels. */
const scaling = new Set(['Rescaling', 'Normalization']);

/** Keras Applications by layers that only they have, and their `preprocess_input`. */
const families: readonly { readonly layers: readonly string[]; readonly preprocess: Preprocess }[] = [
  // MobileNet and MobileNetV2.
  { layers: ['conv1', 'conv1_bn', 'conv_dw_1', 'conv_pw_13', 'conv_pw_13_bn'], preprocess: 'tf' },
  { layers: ['Conv1', 'expanded_conv_depthwise', 'block_16_project', 'Conv_1'], preprocess: 'tf' },
  // ResNetV2, whose blocks begin with a normalisation; then ResNet.
  { layers: ['conv1_conv', 'conv2_block1_preact_bn'], preprocess: 'tf' },
  { layers: ['conv1_conv', 'conv1_bn', 'conv2_block1_1_conv', 'conv5_block3_out'], preprocess: 'caffe' },
  { layers: ['block14_sepconv2', 'block1_conv1_bn'], preprocess: 'tf' },
  { layers: ['block1_conv1', 'block5_conv3', 'block5_pool'], preprocess: 'caffe' },
  { layers: ['conv2_block1_0_bn', 'pool4_conv', 'conv5_block16_concat'], preprocess: 'torch' },
  { layers: ['conv_7b', 'conv_7b_bn'], preprocess: 'tf' },
  { layers: ['mixed0', 'mixed9_1', 'mixed10'], preprocess: 'tf' },
  { layers: ['stem_conv1', 'stem_bn1', 'reduction_conv_1_stem_1'], preprocess: 'tf' },
  // SqueezeNet 1.1 of the keras-squeezenet package.
  { layers: ['conv1', 'fire2/squeeze1x1', 'fire9/concat'], preprocess: 'caffe' },
];

/**
 * The input scaling that a network's layers tell: none where its first layers scale, Keras's for the families of
 * Keras Applications and what Teachable Machine exports. Null for anything else.
 */
export function recognisePreprocess(network: Network, teachableMachine: boolean): Preprocess | null {
  if (scalesInside(network)) return 'none';
  if (teachableMachine) return 'tf';
  const names = new Set(network.layers.map((layer) => layer.name));
  return families.find(({ layers }) => layers.every((name) => names.has(name)))?.preprocess ?? null;
}

/** Whether pixels meet a scaling layer before any that weighs them. */
function scalesInside({ layers }: Network): boolean {
  let reached = layers.filter(({ inputs }) => inputs.length === 0);
  while (reached.length > 0) {
    const names = new Set(reached.map(({ name }) => name));
    const next: Layer[] = layers.filter(({ inputs }) => inputs.some((input) => names.has(input)));
    if (next.some(({ className }) => scaling.has(className))) return true;
    reached = next.filter((layer) => layer.weights.length === 0 || isPermutation(layer));
  }
  return false;
}

/** The reordering of channels that `preprocess_input` begins with, see importers/topology/operations.ts. */
function isPermutation({ className, config }: Layer): boolean {
  return className === 'Conv2D' && config['filters'] === 3 && config['trainable'] === false;
}
