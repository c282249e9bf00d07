import type { Layer } from '../../../../shared/domain/network.ts';
import { layerKindOf } from '../layers/registry.ts';

/** One thing the executor does: a layer, with a following normalisation where the layer can do its work too. */
export interface Step {
  readonly layer: Layer;
  /** A batch normalisation by stored statistics that is multiplied into the layer's weights. */
  readonly scaledBy: Layer | null;
  /** The layer whose value the step gives: the last of the two. */
  readonly gives: string;
}

/**
 * Joins each convolution with the batch normalisation that follows it, where that one only scales and shifts: its
 * factor goes into the kernel, which is small, instead of over the image twice, forward and backward. The values
 * agree within rounding, and so do the gradients.
 * @param wanted layers whose own values are asked for. @param updates whether a layer normalises by its batch.
 */
export function stepsOf(
  plan: readonly Layer[],
  wanted: ReadonlySet<string>,
  updates: (layer: Layer) => boolean,
): Step[] {
  const readers = countInputs(plan);
  const byName = new Map(plan.map((layer) => [layer.name, layer]));
  const scaledBy = new Map<string, Layer>();
  for (const layer of plan) {
    const [input = '', ...others] = layer.inputs;
    const before = byName.get(input);
    if (before === undefined || others.length > 0 || readers.get(input) !== 1 || wanted.has(input)) continue;
    if (layerKindOf(layer.className)?.channelScale === undefined || updates(layer)) continue;
    if (layerKindOf(before.className)?.takesScale?.(before.config) === true) scaledBy.set(input, layer);
  }
  const absorbed = new Set([...scaledBy.values()].map(({ name }) => name));
  return plan
    .filter(({ name }) => !absorbed.has(name))
    .map((layer) => {
      const scale = scaledBy.get(layer.name) ?? null;
      return { layer, scaledBy: scale, gives: scale?.name ?? layer.name };
    });
}

/** How often each layer's value is read. */
export function countInputs(layers: readonly Pick<Layer, 'inputs'>[]): Map<string, number> {
  const readers = new Map<string, number>();
  for (const layer of layers)
    for (const input of layer.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  return readers;
}
