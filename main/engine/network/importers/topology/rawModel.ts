import { z } from 'zod';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';

/** A layer or model as a Keras file of any version describes it. */
export const rawLayer = z.object({
  class_name: z.string(),
  module: z.string().nullish(),
  name: z.string().nullish(),
  config: z.union([z.record(z.string(), z.json()), z.array(z.json())]),
  inbound_nodes: z.array(z.json()).nullish(),
});
export type RawLayer = z.infer<typeof rawLayer>;

export type RawConfigObject = Record<string, JsonValue>;

/** Keras 1 calls a functional model `Model`; so do early versions of Keras 2. */
const functionalClasses = new Set(['Model', 'Functional']);

export function isSequential(layer: RawLayer): boolean {
  return layer.class_name === 'Sequential';
}

export function isFunctional(layer: RawLayer): boolean {
  return functionalClasses.has(layer.class_name);
}

export function isModel(layer: RawLayer): boolean {
  return isSequential(layer) || isFunctional(layer);
}

export function configOf(layer: RawLayer): RawConfigObject {
  return Array.isArray(layer.config) ? {} : (layer.config as RawConfigObject);
}

export function nameOf(layer: RawLayer): string | undefined {
  const { name } = configOf(layer);
  return layer.name ?? (typeof name === 'string' ? name : undefined);
}

/** The layers a model lists. A Sequential model of Keras 1 is nothing but the list. */
export function layersOf(model: RawLayer, source: string): Result<RawLayer[]> {
  const list = Array.isArray(model.config) ? model.config : model.config['layers'];
  const layers = z.array(rawLayer).safeParse(list);
  if (layers.success) return ok(layers.data);
  return unusable(source, `its model "${nameOf(model) ?? model.class_name}" does not list layers`);
}

export function unusable(source: string, why: string, remedy?: string): Result<never> {
  return err(
    thawError('engine-unsupported', `${source} cannot be used: ${why}.`, {
      remedy:
        remedy ??
        'Save it from Keras as a Sequential or functional model with one image input and one output.',
    }),
  );
}
