/** A model as the measurements take it: its layers without a head, with weights. */
import {
  dropHead,
  findArchitecture,
  importNetwork,
  openArchitecture,
  randomWeights,
} from '../../main/engine/network/index.ts';
import type { Weights } from '../../main/engine/network/index.ts';
import type { Network } from '../../shared/domain/network.ts';

/** @param model a LayersModel's folder, or an architecture's name: with random weights, at its own image size. */
export async function openModel(model: string): Promise<{ network: Network; weights: Weights }> {
  const architecture = findArchitecture(model);
  if (architecture !== undefined) {
    const opened = await openArchitecture(architecture, { weights: null, imageSize: null });
    if (!opened.ok) throw new Error(opened.error.message);
    const { network } = opened.value;
    return { network, weights: randomWeights(network, 1) };
  }
  const imported = await importNetwork(model);
  if (!imported.ok || imported.value.kind !== 'layers') throw new Error(`${model} is not a LayersModel`);
  const headless = dropHead(imported.value.network);
  if (!headless.ok) throw new Error(headless.error.message);
  return { network: headless.value.network, weights: imported.value.weights };
}
