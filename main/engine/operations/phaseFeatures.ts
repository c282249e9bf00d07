import path from 'node:path';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Decoder } from '../dataset/index.ts';
import type { JobContext } from '../jobs/context.ts';
import type { FeatureTable } from '../training/features/extractFeatures.ts';
import { extractFeatures } from '../training/features/extractFeatures.ts';
import { openGraphPrefix } from '../training/features/graphPrefix.ts';
import type { Prefix } from '../training/features/prefix.ts';
import { openPrefix } from '../training/features/prefix.ts';
import type { LabelledFeatures } from '../training/labelledFeatures.ts';
import type { Phase } from '../training/phases.ts';
import type { Preparation, Side } from './prepareTraining.ts';

/** A phase's images at its frontier. */
export interface PhaseFeatures {
  readonly train: LabelledFeatures;
  readonly validation: LabelledFeatures;
  readonly provider: string;
  readonly seconds: number;
  readonly failed: FeatureTable['failed'];
  close(): Promise<void>;
}

/** Runs the frozen prefix of a phase over all images that are not in the cache. */
export async function phaseFeatures(
  preparation: Preparation,
  phase: Phase,
  decoder: Decoder,
  context: JobContext,
): Promise<Result<PhaseFeatures>> {
  const started = performance.now();
  const { train, validation, network, settings } = preparation;
  const [height, width] = network.network.inputShape;
  const prefix = await prefixOf(preparation, phase);
  if (!prefix.ok) return prefix;
  try {
    const table = await extractFeatures(
      {
        parts: [train, validation],
        decoder,
        prefix: prefix.value,
        target: { width, height, resize: settings.resize },
        key: { weightsHash: network.weightsHash, preprocess: network.preprocess },
      },
      context,
    );
    if (!table.ok) return table;
    const { classes } = preparation.dataset;
    const frontier = prefix.value.outputs;
    const label = (side: Side): LabelledFeatures => labelled(side, table.value, frontier, classes);
    const sides = { train: label(train), validation: label(validation) };
    if (sides.train.rows.length === 0 || sides.validation.rows.length === 0) {
      await table.value.close();
      return err(
        thawError('input-corrupt', 'None of the images can be decoded any more.', {
          ...(table.value.failed[0] && { found: table.value.failed[0].error.message }),
        }),
      );
    }
    return ok({
      ...sides,
      provider: prefix.value.provider,
      seconds: (performance.now() - started) / 1000,
      failed: table.value.failed,
      close: () => table.value.close(),
    });
  } finally {
    await prefix.value.dispose();
  }
}

function prefixOf({ network, runtime }: Preparation, phase: Phase): Promise<Result<Prefix>> {
  const { graph, preprocess } = network;
  if (graph !== null) return openGraphPrefix(runtime.tf, graph, preprocess, runtime.description);
  return openPrefix(network.network, network.weights, { frontier: phase.frontier, preprocess });
}

function labelled(
  { images }: Side,
  table: FeatureTable,
  frontier: LabelledFeatures['frontier'],
  classes: readonly string[],
): LabelledFeatures {
  const rows: number[] = [];
  const labels: number[] = [];
  for (const { id, label } of images) {
    const row = table.rowOf(id);
    if (row === undefined) continue;
    rows.push(row);
    labels.push(classes.indexOf(label));
  }
  return { table, frontier, rows, labels: Int32Array.from(labels) };
}

/** The folder of the GraphModel a network's features come from. */
export function graphFolderOf({ network }: Preparation): string | null {
  return network.graph === null ? null : path.dirname(network.graph.location);
}
