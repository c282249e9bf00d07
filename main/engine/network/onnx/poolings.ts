import { globalConfig, windowConfig } from '../layers/pooling.ts';
import { samePadding } from '../layers/convolution/padSame.ts';
import type { Emission } from './emission.ts';

function emitWindow(emission: Emission, op: 'MaxPool' | 'AveragePool'): string {
  const config = windowConfig.parse(emission.layer.config);
  const shape = emission.inputShape();
  const [rows, columns] = config.pool_size.map((size, axis) =>
    config.padding === 'same' ? samePadding(shape[axis] ?? 1, size, config.strides[axis] ?? 1) : [0, 0],
  );
  return emission.graph.node(op, [emission.input()], {
    kernel_shape: config.pool_size,
    strides: config.strides,
    pads: [rows?.[0] ?? 0, columns?.[0] ?? 0, rows?.[1] ?? 0, columns?.[1] ?? 0],
  });
}

export function emitMaxPooling(emission: Emission): string {
  return emitWindow(emission, 'MaxPool');
}

/** Padding is left out of the mean by default, as in TensorFlow. */
export function emitAveragePooling(emission: Emission): string {
  return emitWindow(emission, 'AveragePool');
}

function emitGlobal(emission: Emission, op: 'GlobalAveragePool' | 'GlobalMaxPool'): string {
  const { graph, layer } = emission;
  const pooled = graph.node(op, [emission.input()]);
  return globalConfig.parse(layer.config).keepdims ? pooled : graph.node('Flatten', [pooled], { axis: 1 });
}

export function emitGlobalAverage(emission: Emission): string {
  return emitGlobal(emission, 'GlobalAveragePool');
}

export function emitGlobalMax(emission: Emission): string {
  return emitGlobal(emission, 'GlobalMaxPool');
}
