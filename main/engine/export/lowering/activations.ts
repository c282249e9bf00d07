import {
  activationConfig,
  eluConfig,
  leakyReluConfig,
  reluConfig,
} from '../../network/layers/activation/activationLayers.ts';
import { leakySlope } from '../../network/layers/activation/activations.ts';
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

const absolute = (graph: LoweringBuilder, x: NodeId): NodeId =>
  graph.elementwise('maximum', x, graph.scaled(x, -1));

/** log(1 + exp(x)) = relu(x) − log(sigmoid(|x|)), which no x makes overflow. */
const softplus: Apply = (graph, x) =>
  graph.precisely(() => {
    const rest = graph.unary('log', graph.unary('sigmoid', absolute(graph, x)));
    return graph.elementwise('subtract', graph.unary('relu', x), rest);
  });

/** x / (1 + |x|), the division by way of √. */
const softsign: Apply = (graph, x) =>
  graph.precisely(() => {
    const divisor = graph.shifted(absolute(graph, x), 1);
    const reciprocal = graph.unary('rsqrt', graph.elementwise('multiply', divisor, divisor));
    return graph.elementwise('multiply', x, reciprocal);
  });

const leakyRelu =
  (alpha: number): Apply =>
  (graph, x) =>
    graph.add({ op: 'leakyRelu', alpha }, [x], graph.node(x).shape);

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
  leaky_relu: leakyRelu(leakySlope),
  softplus,
  softsign,
  mish: (graph, x, owned) => graph.elementwise('multiply', x, graph.unary('tanh', softplus(graph, x, owned))),
  hard_tanh: (graph, x) => graph.bounded(x, -1, 1),
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

export function lowerLeakyRelu({ graph, layer, input, owns }: Lowering): NodeId {
  const { alpha, negative_slope: slope } = leakyReluConfig.parse(layer.config);
  return leakyRelu(alpha ?? slope ?? 0.3)(graph, input(), owns());
}

/** relu(−x): how far below zero x is. */
const depth = (graph: LoweringBuilder, x: NodeId): NodeId => graph.unary('relu', graph.scaled(x, -1));

export function lowerElu({ graph, layer, input }: Lowering): NodeId {
  const { alpha } = eluConfig.parse(layer.config);
  const x = input();
  if (alpha === 1) return graph.unary('elu', x);
  const below = graph.unary('elu', graph.scaled(depth(graph, x), -1));
  return graph.elementwise('add', graph.unary('relu', x), graph.scaled(below, alpha));
}

export function lowerPrelu({ graph, input, weight }: Lowering): NodeId {
  const { data, shape } = weight('alpha');
  const x = input();
  const below = graph.elementwise('multiply', depth(graph, x), graph.constant(data, shape));
  return graph.elementwise('subtract', graph.unary('relu', x), below);
}
