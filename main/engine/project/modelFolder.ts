import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Network } from '../../../shared/domain/network.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { ImportedGraph, Weights } from '../network/index.ts';
import { hasGraph, importNetwork, requireLayers, writeLayersModel } from '../network/index.ts';
import { runPaths } from './run/runFolder.ts';

/** `thaw.json` beside a model: what its input means and what its outputs are called. */
const modelInfoSchema = z.object({
  format: z.literal('thaw-model'),
  version: z.literal(1),
  backbone: z.string(),
  classes: z.array(z.string()).min(2),
  imageSize: z.number().int().positive(),
  resize: z.enum(['squash', 'crop', 'pad']),
  preprocess: z.enum(['tf', 'torch', 'caffe', 'unit', 'none']),
  /** The backbone's pooled output. */
  featureLayer: z.string(),
  /** Name of the file in `backbone` that is the graph the features come from; without it, the folder is. */
  graphFile: z
    .string()
    .regex(/^[^/\\]+$/)
    .nullish(),
  training: z.object({
    epoch: z.number().int(),
    valAccuracy: z.number(),
    trainImages: z.number().int(),
    validationImages: z.number().int(),
  }),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

/** A trained classifier read from disk. */
export interface StoredModel {
  readonly network: Network;
  readonly weights: Weights;
  readonly info: ModelInfo;
  /** The graph the features come from, to be imported; null for a model of layers. */
  readonly graphLocation: string | null;
}

/** Holds the files of the graph the features come from. */
const graphFolderName = 'backbone';

/**
 * Writes a run's model: `model.json` and weights, `labels.txt`, `thaw.json`, and a copy of
 * the graph its features come from.
 * The folder appears whole or not at all. Rejects with the disk's error.
 */
export async function writeModel(
  run: string,
  model: Omit<StoredModel, 'graphLocation'>,
  graph: ImportedGraph | null,
): Promise<void> {
  const folder = runPaths(run).model;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  if (graph !== null) await copyGraph(graph, path.join(partial, graphFolderName));
  await writeLayersModel(model.network, model.weights, partial);
  await writeFileAtomic(
    path.join(partial, 'labels.txt'),
    model.info.classes.map((name) => `${name}\n`).join(''),
  );
  await writeFileAtomic(path.join(partial, 'thaw.json'), `${JSON.stringify(model.info, null, 2)}\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}

async function copyGraph({ files }: ImportedGraph, folder: string): Promise<void> {
  for (const name of files.names) await files.from.copy(name, folder);
}

/** The folder with `thaw.json` in it, for a run or a model folder; null for neither. */
export async function findModel(location: string): Promise<string | null> {
  for (const folder of [runPaths(location).model, location]) {
    const text = await readFile(path.join(folder, 'thaw.json'), 'utf8').catch(() => null);
    if (text !== null) return folder;
  }
  return null;
}

/** Whether a location is a run or a model folder that Thaw wrote; what is not may still be a model made elsewhere. */
export async function isOwnModel(location: string): Promise<boolean> {
  if ((await findModel(location)) !== null) return true;
  return readFile(runPaths(location).settings, 'utf8').then(
    () => true,
    () => false,
  );
}

/** Reads the classifier of a run, or one in a folder of its own. Errors: input-missing, input-corrupt. */
export async function readModel(location: string): Promise<Result<StoredModel>> {
  const folder = await findModel(location);
  if (folder === null) return err(await noModel(location));
  const info = parseInfo(await readFile(path.join(folder, 'thaw.json'), 'utf8'));
  if (info === null)
    return err(thawError('input-corrupt', `${path.join(folder, 'thaw.json')} does not describe a model.`));
  const imported = await importNetwork(folder);
  if (!imported.ok) return imported;
  const layers = requireLayers(imported.value);
  if (!layers.ok) return layers;
  const { network, weights } = layers.value;
  const graphLocation = hasGraph(network) ? path.join(folder, graphFolderName, info.graphFile ?? '') : null;
  return ok({ network, weights, info, graphLocation });
}

async function noModel(location: string) {
  const unfinished = await readFile(runPaths(location).settings, 'utf8').then(
    () => true,
    () => false,
  );
  if (unfinished)
    return thawError('input-missing', `The run ${location} has not ended, so it has no model yet.`, {
      remedy: `Finish it: thaw resume ${location}`,
    });
  return thawError('input-missing', `${location} is neither a run nor a trained model.`, {
    expected: 'a folder that `thaw train` made, or a model file',
    remedy: 'Check the path.',
  });
}

function parseInfo(text: string): ModelInfo | null {
  try {
    const parsed = modelInfoSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
