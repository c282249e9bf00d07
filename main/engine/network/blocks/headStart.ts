import type { Layer } from '../../../../shared/domain/network.ts';

type BareLayer = Omit<Layer, 'block'>;

const reducers = new Set(['GlobalAveragePooling2D', 'GlobalMaxPooling2D', 'Flatten']);

/** Layers a classifier is made of, once the image has been reduced to one vector. */
const classifierClasses = new Set([
  'Dense',
  'Dropout',
  'Activation',
  'Softmax',
  'ReLU',
  'LeakyReLU',
  'ELU',
  'PReLU',
  'Flatten',
  'Reshape',
  'BatchNormalization',
  'LayerNormalization',
  'UnitNormalization',
  // Hard swish, as MobileNetV3 writes it.
  'Rescaling',
  'Multiply',
]);

/**
 * Index of the first layer of the classifier, the layer that reduces the image to a vector included; the number of
 * layers when there is none. A classifier is what follows a global pooling, a flattening, or an average pooling
 * down to 1 × 1, if it has weights of its own, or ends in a softmax.
 */
export function headStart(layers: readonly BareLayer[]): number {
  for (const [index, layer] of layers.entries()) {
    if (!reduces(layer)) continue;
    const followers = layers.slice(index + 1);
    if (!followers.every(isClassifierLayer)) continue;
    const decides = followers.some((follower) => follower.weights.length > 0 || isSoftmax(follower));
    if (decides && isOnlyReader(layers.slice(index))) return index;
  }
  return layers.length;
}

/** Whether a layer is, or ends in, a softmax. */
export function isSoftmax(layer: Pick<BareLayer, 'className' | 'config'>): boolean {
  return layer.className === 'Softmax' || layer.config['activation'] === 'softmax';
}

function reduces(layer: BareLayer): boolean {
  if (reducers.has(layer.className)) return true;
  return layer.className === 'AveragePooling2D' && isVector(layer);
}

function isClassifierLayer(layer: BareLayer): boolean {
  if (layer.className === 'Conv2D') return isVector(layer);
  return classifierClasses.has(layer.className);
}

/** [features] or [1, 1, features]. */
function isVector(layer: BareLayer): boolean {
  return layer.outputShape.slice(0, -1).every((length) => length === 1);
}

/** Whether every layer but the first reads these layers alone. */
function isOnlyReader(layers: readonly BareLayer[]): boolean {
  const own = new Set(layers.map(({ name }) => name));
  return layers.slice(1).every(({ inputs }) => inputs.every((input) => own.has(input)));
}
