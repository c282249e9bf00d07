import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { z } from 'zod';
import type { JsonValue, WeightSpec } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { Tf } from '../../runtime/tf.ts';

/** Shapes are without the batch dimension: [height, width, channels] or [features]. */
export type Shape = readonly number[];

/** What a layer's configuration and input shapes decide. */
export interface Inference {
  readonly outputShape: Shape;
  readonly weights: readonly WeightSpec[];
}

/** One layer's computation: tensors are [batch, ...shape], float32. */
export interface LayerCall {
  readonly tf: Tf;
  readonly inputs: readonly Tensor[];
  /** The layer's own weight, e.g. `kernel`. */
  weight(name: string): Tensor;
  readonly outputShape: Shape;
  /** False when the caller wants the value before the layer's activation (logits). */
  readonly activate: boolean;
  /** What a following layer does to each channel, to be done by this one; null when nothing. See `takesScale`. */
  readonly scaledBy: ChannelScale | null;
  /** Whether dropout drops. */
  readonly training: boolean;
  /** Whether a batch normalisation normalises by the batch and moves its statistics. */
  readonly updateStatistics: boolean;
  /** Numbers in [0, 1) for dropout, the same for the same seed of the forward pass. */
  uniform(shape: readonly number[]): Tensor;
  /** Takes the moving statistics as they are after this batch. */
  moveStatistics(mean: Tensor, variance: Tensor): void;
}

export type RawConfig = Readonly<Record<string, JsonValue>>;

/** What a layer does to each channel: x × scale + shift, both [channels]. */
export interface ChannelScale {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** What the engine knows of one Keras class. Errors are one sentence for a person. */
export interface LayerKind {
  infer(config: RawConfig, inputs: readonly Shape[]): Result<Inference, string>;
  compute(config: RawConfig, call: LayerCall): Tensor;
  /** For layers that scale and shift channels and do nothing else, when they do not update statistics. */
  channelScale?(config: RawConfig, call: Pick<LayerCall, 'tf' | 'weight'>): ChannelScale;
  /** Whether the layer, being linear, can take a scale that follows it into its weights (`scaledBy` of its call). */
  takesScale?(config: RawConfig): boolean;
}

/** Binds a configuration schema to shape inference and computation; a configuration is parsed once. */
export function layerKind<Config>(definition: {
  config: z.ZodType<Config>;
  infer: (config: Config, inputs: readonly Shape[]) => Result<Inference, string>;
  compute: (config: Config, call: LayerCall) => Tensor;
  channelScale?: (config: Config, call: Pick<LayerCall, 'tf' | 'weight'>) => ChannelScale;
  takesScale?: (config: Config) => boolean;
}): LayerKind {
  const parsed = new WeakMap<RawConfig, Config>();
  const configOf = (raw: RawConfig): Config => {
    const config = parsed.get(raw) ?? definition.config.parse(raw);
    parsed.set(raw, config);
    return config;
  };
  const { channelScale, takesScale } = definition;
  return {
    infer(raw, inputs) {
      const config = definition.config.safeParse(raw);
      if (!config.success) return err(firstIssue(config.error));
      parsed.set(raw, config.data);
      return definition.infer(config.data, inputs);
    },
    compute: (raw, call) => definition.compute(configOf(raw), call),
    ...(channelScale && { channelScale: (raw, call) => channelScale(configOf(raw), call) }),
    ...(takesScale && { takesScale: (raw) => takesScale(configOf(raw)) }),
  };
}

/** The only input of a layer that takes one. */
export function onlyInput(call: Pick<LayerCall, 'inputs'>): Tensor {
  const [input] = call.inputs;
  if (input === undefined) throw new Error('A layer was computed without its input');
  return input;
}

/** Inference of a layer without weights whose output has the shape of its only input. */
export function sameShape(_: unknown, inputs: readonly Shape[]): Result<Inference, string> {
  const [shape] = inputs;
  if (inputs.length !== 1 || shape === undefined) return err(`takes one input, got ${inputs.length}`);
  return ok({ outputShape: shape, weights: [] });
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'configuration not understood' : `${issue.path.join('.')}: ${issue.message}`;
}
