import {
  activationConfig,
  eluConfig,
  leakyReluConfig,
  preluConfig,
  reluConfig,
} from '../../network/layers/activation/activationLayers.ts';
import { leakySlope } from '../../network/layers/activation/activations.ts';
import type { Rewrite, Rewriting, StandardConfig, StandardWeight } from './standardLayers.ts';

/** Activation functions by our name that Keras 2.15, Keras 3 and TensorFlow.js call by this one, with one meaning. */
const shared: Readonly<Record<string, string>> = {
  linear: 'linear',
  relu: 'relu',
  softmax: 'softmax',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  swish: 'swish',
  silu: 'swish',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
  softplus: 'softplus',
  softsign: 'softsign',
  mish: 'mish',
};

const relu6 = { max_value: 6, negative_slope: 0, threshold: 0 } as const;

/** relu6(x + 3) / 6. */
function hardSigmoid({ step }: Rewriting, x: string): { bounded: string; scale: StandardConfig } {
  const bounded = step('ReLU', relu6, [step('Rescaling', { scale: 1, offset: 3 }, [x])]);
  return { bounded, scale: { scale: 1 / 6, offset: 0 } };
}

/** Functions whose name means different things to different readers, or nothing, out of layers that mean one thing. */
const composed: Readonly<Record<string, (rewriting: Rewriting, x: string) => void>> = {
  relu6({ last }, x) {
    last('ReLU', relu6, [x]);
  },
  hard_sigmoid({ step, last }, x) {
    const line = step('Rescaling', { scale: 0.2, offset: 0.5 }, [x]);
    last('ReLU', { max_value: 1, negative_slope: 0, threshold: 0 }, [line]);
  },
  hard_sigmoid_3(rewriting, x) {
    const { bounded, scale } = hardSigmoid(rewriting, x);
    rewriting.last('Rescaling', scale, [bounded]);
  },
  hard_swish: hardSwish,
  hard_silu: hardSwish,
  leaky_relu({ last }, x) {
    last('LeakyReLU', { alpha: leakySlope }, [x]);
  },
  hard_tanh({ step, last }, x) {
    const raised = step('Rescaling', { scale: 1, offset: 1 }, [x]);
    const bounded = step('ReLU', { max_value: 2, negative_slope: 0, threshold: 0 }, [raised]);
    last('Rescaling', { scale: 1, offset: -1 }, [bounded]);
  },
  gelu_tanh({ step, last }, x) {
    const square = step('Multiply', {}, [x, x]);
    const inner = step('Rescaling', { scale: 0.044715, offset: 1 }, [square]);
    const cubic = step('Multiply', {}, [x, inner]);
    const argument = step('Rescaling', { scale: Math.sqrt(2 / Math.PI), offset: 0 }, [cubic]);
    const curve = step('Activation', { activation: 'tanh' }, [argument]);
    last('Multiply', {}, [x, step('Rescaling', { scale: 0.5, offset: 0.5 }, [curve])]);
  },
};

function hardSwish(rewriting: Rewriting, x: string): void {
  const { bounded, scale } = hardSigmoid(rewriting, x);
  rewriting.last('Multiply', {}, [x, rewriting.step('Rescaling', scale, [bounded])]);
}

/** Ours that have a standard form. */
export const standardActivations: readonly string[] = [...Object.keys(shared), ...Object.keys(composed)];

/** Adds a layer whose configuration names an activation, and what that activation takes. */
export function withActivation(
  rewriting: Rewriting,
  className: string,
  config: StandardConfig,
  activation: string,
  inputs: readonly string[],
  weights: StandardWeight[],
): string | null {
  const name = shared[activation];
  if (name !== undefined) {
    rewriting.last(className, { ...config, activation: name }, inputs, weights);
    return null;
  }
  const compose = composed[activation];
  if (compose === undefined) return `its activation ${activation} has no standard form`;
  compose(rewriting, rewriting.step(className, { ...config, activation: 'linear' }, inputs, weights));
  return null;
}

export const activation: Rewrite = (rewriting) => {
  const { activation: own } = activationConfig.parse(rewriting.layer.config);
  const name = shared[own];
  const compose = composed[own];
  if (name !== undefined) rewriting.last('Activation', { activation: name }, [rewriting.input()]);
  else if (compose !== undefined) compose(rewriting, rewriting.input());
  else return `its activation ${own} has no standard form`;
  return null;
};

export const leakyRelu: Rewrite = ({ layer, last, input }) => {
  const { alpha, negative_slope: slope } = leakyReluConfig.parse(layer.config);
  // Keras 3 takes Keras 2's word for it; the reverse is an error.
  last('LeakyReLU', { alpha: alpha ?? slope ?? 0.3 }, [input()]);
  return null;
};

/** TensorFlow.js's ELU has no alpha. */
export const elu: Rewrite = ({ dialect, layer, step, last, input }) => {
  const { alpha } = eluConfig.parse(layer.config);
  if (dialect === 'keras' || alpha === 1) {
    last('ELU', { alpha }, [input()]);
    return null;
  }
  const x = input();
  const scaled = (of: string, scale: number): string => step('Rescaling', { scale, offset: 0 }, [of]);
  const depth = step('ReLU', { max_value: null }, [scaled(x, -1)]);
  const below = step('ELU', { alpha: 1 }, [scaled(depth, -1)]);
  last('Add', {}, [step('ReLU', { max_value: null }, [x]), scaled(below, alpha)]);
  return null;
};

export const prelu: Rewrite = ({ layer, last, input, weights }) => {
  const { shared_axes } = preluConfig.parse(layer.config);
  last('PReLU', { shared_axes: shared_axes.length === 0 ? null : shared_axes }, [input()], weights());
  return null;
};

/** TensorFlow.js's ReLU knows only the bound; the rest is put together from it. */
export const relu: Rewrite = ({ dialect, layer, step, last, input }) => {
  const config = reluConfig.parse(layer.config);
  const slope = config.negative_slope ?? 0;
  const threshold = config.threshold ?? 0;
  const maximum = config.max_value ?? null;
  if (dialect === 'keras' || (slope === 0 && threshold === 0)) {
    const more = dialect === 'keras' ? { negative_slope: slope, threshold } : {};
    last('ReLU', { max_value: maximum, ...more }, [input()]);
    return null;
  }
  const rectified = (of: string, scale: number, offset: number): string =>
    step('ReLU', { max_value: null }, [step('Rescaling', { scale, offset }, [of])]);
  const x = input();
  const above =
    threshold === 0
      ? step('ReLU', { max_value: null }, [x])
      : step('ThresholdedReLU', { theta: threshold }, [x]);
  const parts = [above];
  if (maximum !== null)
    parts.push(step('Rescaling', { scale: -1, offset: 0 }, [rectified(above, 1, -maximum)]));
  if (slope !== 0) parts.push(step('Rescaling', { scale: -slope, offset: 0 }, [rectified(x, -1, threshold)]));
  if (parts.length === 1) last('Activation', { activation: 'linear' }, parts);
  else last('Add', {}, parts);
  return null;
};
