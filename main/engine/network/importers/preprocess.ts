import type { Network, Preprocess } from '../../../../shared/domain/network.ts';

/**
 * The input scaling of families that are known by their layers' names: Keras's MobileNet V1 and V2 (and what
 * Teachable Machine exports, which is one) take `x / 127.5 − 1`. Null for anything else.
 */
export function recognisePreprocess(network: Network, teachableMachine: boolean): Preprocess | null {
  if (teachableMachine) return 'tf';
  const names = new Set(network.layers.map((layer) => layer.name));
  const has = (...all: string[]): boolean => all.every((name) => names.has(name));
  if (has('conv1', 'conv1_bn', 'conv_dw_1', 'conv_pw_13', 'conv_pw_13_bn')) return 'tf';
  if (has('Conv1', 'expanded_conv_depthwise', 'block_16_project', 'Conv_1')) return 'tf';
  return null;
}
