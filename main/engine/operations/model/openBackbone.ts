import path from 'node:path';
import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { ImportedGraph, NetworkWithHead, WeightArray, Weights } from '../../network/index.ts';
import {
  attachHead,
  dropHead,
  findArchitecture,
  graphAsNetwork,
  hashWeights,
  randomWeights,
  resolveBackbone,
} from '../../network/index.ts';
import { openGraphModel } from '../../runtime/graphModel.ts';
import type { Tf } from '../../runtime/tf.ts';

/** A backbone with a new head on it, ready to train. */
export interface PreparedNetwork extends NetworkWithHead {
  readonly name: string;
  readonly weightsHash: string;
  readonly preprocess: Preprocess;
  /** The GraphModel the features come from; null when every layer is known. */
  readonly graph: ImportedGraph | null;
  readonly notices: readonly string[];
  /** What differs from the backbone's own weights and a new head, for a run that continues another; else null. */
  readonly started: Weights | null;
}

export type HeadChoice = Pick<
  TrainSettings,
  'backbone' | 'weights' | 'randomWeights' | 'preprocess' | 'imageSize' | 'headUnits' | 'dropout' | 'seed'
>;

/**
 * Loads a backbone, takes its head off and puts ours on.
 * Errors: those of resolveBackbone; usage for what a GraphModel cannot do.
 */
export async function openBackbone(
  choice: HeadChoice,
  classes: readonly string[],
  tf: Tf,
): Promise<Result<PreparedNetwork>> {
  const { randomWeights: random, weights, imageSize } = choice;
  const imported = await resolveBackbone(choice.backbone, {
    weights: random ? null : weights,
    withoutWeights: random,
    imageSize,
  });
  if (!imported.ok) return imported;
  const notices: string[] = [];
  const preprocess = choice.preprocess ?? imported.value.preprocess ?? 'tf';
  if (choice.preprocess === null && imported.value.preprocess === null)
    notices.push(
      `How ${choice.backbone} wants its pixels scaled is not known; "tf" (−1 to 1) is assumed. Name it with --preprocess.`,
    );
  const base = await headless(imported.value, choice, tf);
  if (!base.ok) return base;
  const head = attachHead(base.value.network, base.value.weights, {
    classes,
    units: choice.headUnits,
    dropout: choice.dropout,
    seed: choice.seed,
    imageSize: choice.imageSize,
  });
  if (!head.ok) return head;
  const { card, weightsHash } = imported.value;
  return ok({
    ...head.value,
    name:
      card?.name ?? findArchitecture(choice.backbone)?.name ?? path.basename(path.resolve(choice.backbone)),
    weightsHash: choice.randomWeights ? hashWeights(base.value.weights) : weightsHash,
    preprocess,
    graph: imported.value.kind === 'graph' ? imported.value : null,
    notices,
    started: null,
  });
}

async function headless(
  imported: Extract<Awaited<ReturnType<typeof resolveBackbone>>, { ok: true }>['value'],
  choice: HeadChoice,
  tf: Tf,
): Promise<Result<{ network: Network; weights: ReadonlyMap<string, WeightArray> }>> {
  if (imported.kind === 'layers') {
    const dropped = dropHead(imported.network);
    if (!dropped.ok) return dropped;
    const { network } = dropped.value;
    const weights = choice.randomWeights ? randomWeights(network, choice.seed) : imported.weights;
    return ok({ network, weights });
  }
  if (choice.randomWeights || choice.imageSize !== null)
    return err(
      thawError('usage', `${choice.backbone} is a GraphModel, used as it is.`, {
        expected: 'neither --random-weights nor --image-size',
        remedy: 'Use a LayersModel of the same network for that.',
      }),
    );
  const opened = await openGraphModel(tf, imported);
  if (!opened.ok) return opened;
  const { features } = opened.value;
  opened.value.dispose();
  const network = graphAsNetwork(imported.name, imported.inputShape, features);
  return network.ok ? ok({ network: network.value, weights: new Map() }) : network;
}
