import type { Composition, Value } from '../compose/composition.ts';

/** Squeeze and excite (Hu et al. 2017, 1709.01507), as both EfficientNets name its layers. */
export function squeezeExcite(net: Composition, input: Value, prefix: string, squeezed: number): Value {
  const channels = input.shape[2] ?? 1;
  let x = net.globalAverage(input, { name: `${prefix}se_squeeze` });
  x = net.layer('Reshape', { target_shape: [1, 1, channels] }, [x], `${prefix}se_reshape`);
  x = net.conv(x, squeezed, 1, { padding: 'same', activation: 'swish', name: `${prefix}se_reduce` });
  x = net.conv(x, channels, 1, { padding: 'same', activation: 'sigmoid', name: `${prefix}se_expand` });
  return net.multiply([input, x], `${prefix}se_excite`);
}

/** `block2c_`: rows are numbered, their blocks lettered. */
export function blockPrefix(row: number, repeat: number): string {
  return `block${row + 1}${String.fromCharCode(97 + repeat)}_`;
}
