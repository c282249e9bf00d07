import path from 'node:path';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { EpochMetrics } from '../../../shared/domain/run.ts';
import { epochMetricsSchema } from '../../../shared/ipc/training/metrics.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { WeightArray, Weights } from '../network/index.ts';
import type { OptimizerState } from '../training/trainer.ts';
import { readTensors, writeTensors } from './safetensors.ts';

/** An epoch that is over, and the phase (by index) it belonged to. */
export interface RecordedEpoch {
  readonly metrics: EpochMetrics;
  readonly phaseIndex: number;
}

/** All that a run needs to go on after its last epoch as if it had not been interrupted. */
export interface Checkpoint {
  readonly history: readonly RecordedEpoch[];
  /** Weights of the layers the phase trains. */
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
}

/** JSON has no NaN and no infinities; a diverged run has both. */
const historySchema = z.array(
  z.object({
    metrics: z.preprocess(reviveNumbers, epochMetricsSchema),
    phaseIndex: z.number().int().min(0),
  }),
);

const slotsSchema = z.array(z.string());

const folderName = 'checkpoints';
const lastFile = 'last.safetensors';
const initialFile = 'initial.safetensors';
const bestFile = 'best.safetensors';
/** The best weights of an epoch whose checkpoint may not be written yet. */
const nextBestFile = 'best-next.safetensors';
/** Marks the optimizer's tensors in files that do not list them: the first versions knew Adam only. */
const adamPrefix = 'adam.';

/**
 * Writes the checkpoint of an epoch. Of the best epoch so far, what evaluation took as its weights is kept too: it becomes
 * the best only once the checkpoint is there, because an epoch without one is trained again, from the best before it.
 */
export async function writeCheckpoint(
  run: string,
  checkpoint: Checkpoint,
  best: Weights | null,
): Promise<void> {
  const folder = path.join(run, folderName);
  await mkdir(folder, { recursive: true });
  const epoch = String(checkpoint.history.at(-1)?.metrics.epoch ?? 0);
  const next = path.join(folder, nextBestFile);
  if (best !== null) await writeTensors(next, { tensors: best, metadata: { epoch } });
  const tensors = new Map<string, WeightArray>(checkpoint.weights);
  for (const [key, slot] of checkpoint.optimizer.slots) tensors.set(key, slot);
  await writeTensors(path.join(folder, lastFile), {
    tensors,
    metadata: {
      step: String(checkpoint.optimizer.step),
      slots: JSON.stringify([...checkpoint.optimizer.slots.keys()]),
      history: JSON.stringify(checkpoint.history, (_, value: unknown) => plainNumber(value)),
    },
  });
  if (best !== null) await rename(next, path.join(folder, bestFile));
}

/** What an atomic write that was killed leaves beside its file. */
const unfinished = /\.safetensors\.\d+$/;

/**
 * Ends what `writeCheckpoint` was killed in: the weights it left become the best if their epoch has its checkpoint, and go
 * if it has not, as half-written files do. Errors: input-corrupt.
 */
export async function settleBest(run: string, { history }: Checkpoint): Promise<Result<void>> {
  const folder = path.join(run, folderName);
  for (const name of await readdir(folder)) if (unfinished.test(name)) await rm(path.join(folder, name));
  const next = path.join(folder, nextBestFile);
  if (!(await isThere(next))) return ok(undefined);
  const stored = await readTensors(next);
  if (!stored.ok) return stored;
  const isRecorded = Number(stored.value.metadata['epoch']) <= (history.at(-1)?.metrics.epoch ?? 0);
  if (isRecorded) await rename(next, path.join(folder, bestFile));
  else await rm(next);
  return ok(undefined);
}

/** The last epoch's checkpoint; null for a run that has not finished one. Errors: input-corrupt. */
export async function readCheckpoint(run: string): Promise<Result<Checkpoint | null>> {
  const file = path.join(run, folderName, lastFile);
  if (!(await isThere(file))) return ok(null);
  const stored = await readTensors(file);
  if (!stored.ok) return stored;
  const { tensors, metadata } = stored.value;
  const history = historySchema.safeParse(parseJson(metadata['history'] ?? ''));
  if (!history.success)
    return err(
      thawError('input-corrupt', `${file} is damaged.`, {
        found: z.prettifyError(history.error),
        remedy: 'Remove the checkpoints folder to train the run from its beginning.',
      }),
    );
  const listed = slotsSchema.safeParse(parseJson(metadata['slots'] ?? ''));
  const names = listed.success ? new Set(listed.data) : null;
  const weights: Weights = new Map();
  const slots = new Map<string, WeightArray>();
  for (const [name, tensor] of tensors) {
    const isSlot = names?.has(name) ?? name.startsWith(adamPrefix);
    (isSlot ? slots : weights).set(name, tensor);
  }
  return ok({
    history: history.data,
    weights,
    optimizer: { step: Number(metadata['step']), slots },
  });
}

/** The weights of the best epoch so far. */
export async function readBestWeights(run: string): Promise<Result<ReadonlyMap<string, WeightArray>>> {
  const stored = await readTensors(path.join(run, folderName, bestFile));
  return stored.ok ? ok(stored.value.tensors) : stored;
}

/** Keeps what a run started from, so that it can be resumed when the run it continues is gone. */
export async function writeInitialWeights(run: string, weights: Weights): Promise<void> {
  const folder = path.join(run, folderName);
  await mkdir(folder, { recursive: true });
  await writeTensors(path.join(folder, initialFile), { tensors: weights, metadata: {} });
}

/** What a run started from; null where nothing was kept. Errors: input-corrupt. */
export async function readInitialWeights(run: string): Promise<Result<Weights | null>> {
  const file = path.join(run, folderName, initialFile);
  if (!(await isThere(file))) return ok(null);
  const stored = await readTensors(file);
  return stored.ok ? ok(new Map(stored.value.tensors)) : stored;
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Numbers JSON cannot write become text. */
export function plainNumber(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function reviveNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]: [string, unknown]) => [
      key,
      entry === 'NaN' || entry === 'Infinity' || entry === '-Infinity' ? Number(entry) : entry,
    ]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
