import { activationConfig, leakyReluConfig, reluConfig } from '../../network/layers/activationLayers.ts';
import type { LoweringBuilder } from './builder.ts';
import type { NodeId } from './graph.ts';
import type { Lowering } from './lowering.ts';

type Apply = (graph: LoweringBuilder, x: NodeId, owned: boolean) => NodeId;

const fusable =
  (op: 'relu' | 'relu6'): Apply =>
  (graph, x, owned) =>
    owned && graph.fuse(x, op) ? x : graph.unary(op, x);
const unary =
  (op: Parameters<LoweringBuilder['unary']>[0]): Apply =>
  (graph, x) =>
    graph.unary(op, x);

/** relu6(x + 3) / 6 (1905.02244, section 5.2). */
const hardSigmoid: Apply = (graph, x) => graph.scaled(graph.unary('relu6', graph.shifted(x, 3)), 1 / 6);
const hardSwish: Apply = (graph, x) => graph.elementwise('multiply', x, hardSigmoid(graph, x, false));
const swish: Apply = (graph, x) => graph.elementwise('multiply', x, graph.unary('sigmoid', x));

/** 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))) (1606.08415, section 2). */
const geluTanh: Apply = (graph, x) => {
  const square = graph.elementwise('multiply', x, x);
  const inner = graph.shifted(graph.scaled(square, 0.044715), 1);
  const argument = graph.scaled(graph.elementwise('multiply', x, inner), Math.sqrt(2 / Math.PI));
  const raised = graph.shifted(graph.unary('tanh', argument), 1);
  return graph.elementwise('multiply', graph.scaled(x, 0.5), raised);
};

/** Every activation function the engine computes, by name. */
const activations: Readonly<Record<string, Apply>> = {
  linear: (_, x) => x,
  relu: fusable('relu'),
  relu6: fusable('relu6'),
  softmax: unary('softmax'),
  sigmoid: unary('sigmoid'),
  tanh: unary('tanh'),
  swish,
  silu: swish,
  // Keras 2's: clip(0.2 x + 0.5, 0, 1).
  hard_sigmoid: (graph, x) => graph.bounded(graph.shifted(graph.scaled(x, 0.2), 0.5), 0, 1),
  hard_sigmoid_3: hardSigmoid,
  hard_swish: hardSwish,
  hard_silu: hardSwish,
  elu: unary('elu'),
  selu: unary('selu'),
  gelu: unary('gelu'),
  gelu_tanh: geluTanh,
};

export const loweredActivations: readonly string[] = Object.keys(activations);

/** @param owned whether nothing else reads x. */
export function lowerActivation(graph: LoweringBuilder, name: string, x: NodeId, owned: boolean): NodeId {
  const apply = activations[name];
  if (apply === undefined) throw new Error(`Activation ${name} has no lowering`);
  return apply(graph, x, owned);
}

export function lowerActivationLayer({ graph, layer, input, owns }: Lowering): NodeId {
  return lowerActivation(graph, activationConfig.parse(layer.config).activation, input(), owns());
}

export function lowerRelu({ graph, layer, input, owns }: Lowering): NodeId {
  const config = reluConfig.parse(layer.config);
  const x = input();
  const slope = config.negative_slope ?? 0;
  const threshold = config.threshold ?? 0;
  const maximum = config.max_value ?? null;
  if (slope === 0 && threshold === 0) {
    if (maximum === null) return lowerActivation(graph, 'relu', x, owns());
    if (maximum === 6) return lowerActivation(graph, 'relu6', x, owns());
    return graph.bounded(x, 0, maximum);
  }
  const above = graph.add({ op: 'step', threshold }, [x], layer.outputShape);
  let value = graph.elementwise('multiply', x, above);
  if (maximum !== null) value = graph.elementwise('minimum', value, graph.constant([maximum]));
  if (slope === 0) return value;
  const below = graph.unary('relu', graph.shifted(graph.scaled(x, -1), threshold));
  return graph.elementwise('subtract', value, graph.scaled(below, slope));
}

export function lowerLeakyRelu({ graph, layer, input }: Lowering): NodeId {
  const { alpha, negative_slope: slope } = leakyReluConfig.parse(layer.config);
  return graph.add({ op: 'leakyRelu', alpha: alpha ?? slope ?? 0.3 }, [input()], layer.outputShape);
}
