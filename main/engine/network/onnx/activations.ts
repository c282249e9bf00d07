import {
  activationConfig,
  eluConfig,
  leakyReluConfig,
  reluConfig,
} from '../layers/activation/activationLayers.ts';
import type { Emission } from './emission.ts';
import { emitActivation, isImage } from './emission.ts';

export function emitActivationLayer(emission: Emission): string {
  const { activation } = activationConfig.parse(emission.layer.config);
  return emitActivation(emission.graph, activation, emission.input(), emission.layer.outputShape);
}

export function emitSoftmax(emission: Emission): string {
  return emitActivation(emission.graph, 'softmax', emission.input(), emission.layer.outputShape);
}

export function emitRelu(emission: Emission): string {
  const { graph } = emission;
  const config = reluConfig.parse(emission.layer.config);
  const x = emission.input();
  const slope = config.negative_slope ?? 0;
  const threshold = config.threshold ?? 0;
  const maximum = config.max_value ?? null;
  if (slope === 0 && threshold === 0) {
    if (maximum === null) return graph.node('Relu', [x]);
    return graph.node('Clip', [x, graph.scalar(0), graph.scalar(maximum)]);
  }
  const limit = graph.scalar(threshold);
  let value = graph.node('Where', [graph.node('GreaterOrEqual', [x, limit]), x, graph.scalar(0)]);
  if (maximum !== null) value = graph.node('Min', [value, graph.scalar(maximum)]);
  if (slope === 0) return value;
  const below = graph.node('Relu', [graph.node('Sub', [limit, x])]);
  return graph.node('Sub', [value, graph.node('Mul', [below, graph.scalar(slope)])]);
}

export function emitLeakyRelu(emission: Emission): string {
  const { alpha, negative_slope: slope } = leakyReluConfig.parse(emission.layer.config);
  return emission.graph.node('LeakyRelu', [emission.input()], { alpha: { float: alpha ?? slope ?? 0.3 } });
}

export function emitElu(emission: Emission): string {
  const { alpha } = eluConfig.parse(emission.layer.config);
  return emission.graph.node('Elu', [emission.input()], { alpha: { float: alpha } });
}

/** relu(x) − alpha × relu(−x), alpha in the layout of the value. */
export function emitPrelu(emission: Emission): string {
  const { graph } = emission;
  const x = emission.input();
  const { data, shape } = emission.weight('alpha');
  const alpha = isImage(emission.inputShape())
    ? graph.constant(channelsFirst(data, shape), [1, shape[2] ?? 1, shape[0] ?? 1, shape[1] ?? 1])
    : graph.constant(data, shape);
  const below = graph.node('Mul', [graph.node('Relu', [graph.node('Neg', [x])]), alpha]);
  return graph.node('Sub', [graph.node('Relu', [x]), below]);
}

/** [h, w, c] to [c, h, w]. */
export function channelsFirst(data: Float32Array, [height = 1, width = 1, channels = 1]: readonly number[]) {
  const places = height * width;
  const turned = new Float32Array(data.length);
  for (let place = 0; place < places; place += 1)
    for (let channel = 0; channel < channels; channel += 1)
      turned[channel * places + place] = data[place * channels + channel] ?? 0;
  return turned;
}
