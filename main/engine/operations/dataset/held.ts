import { stat } from 'node:fs/promises';
import type { Dataset, ImageRecord, SplitName } from '../../../../shared/domain/dataset.ts';
import type { Overlay } from '../../../../shared/domain/project/decisions.ts';
import { overlayOf } from '../../../../shared/domain/project/decisions.ts';
import { addedPrefix } from '../../../../shared/domain/project/project.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { DatasetSource, Outcome, Split, SplitOptions } from '../../dataset/index.ts';
import {
  assemble,
  contentsOf,
  decideOutcome,
  nearLeaks,
  isGivenClass,
  openDataset,
  pathOf,
  splitDataset,
  survey,
  unlabelledFile,
} from '../../dataset/index.ts';
import type { ProjectSource } from '../../dataset/source/projectSource.ts';
import type { JobContext } from '../../jobs/context.ts';
import { projectPaths, readProject } from '../../project/projectFile.ts';

/** A dataset as it was looked at last, with a project's decisions as they are now. */
export interface Held {
  readonly source: DatasetSource;
  /** What was seen, before any decision. */
  readonly outcomes: readonly Outcome[];
  readonly overlay: Overlay;
  readonly dataset: Dataset;
  /** Null where it cannot be split. */
  readonly split: Split | null;
  /** When the decisions were read: changes when the project's file does. */
  readonly stamp: string;
}

const nothingDecided = overlayOf([]);

/** Datasets that were looked at, the one asked for last at the end. Records only; no pixels, no file contents. */
const held = new Map<string, Held>();
const mostHeld = 2;

/**
 * Looks at every file of a dataset and keeps what it saw for `holdDataset`.
 * Errors: those of opening and scanning it; a project may be empty.
 */
export async function surveyAndHold(location: string, context: JobContext): Promise<Result<Held>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  const { value } = source;
  const list = isProject(value)
    ? (signal: AbortSignal) => value.listUndecided(signal)
    : (signal: AbortSignal) => value.list(signal);
  const outcomes = await survey({ source: value, list }, context);
  const seen = outcomes.ok ? await withGiven(value, outcomes.value, context) : outcomes;
  const made = seen.ok ? await decided(value, seen.value) : seen;
  if (!made.ok) {
    await value.close();
    return made;
  }
  await hold(made.value);
  return made;
}

/** The dataset as it was looked at last, with decisions as they are now; looked at now if it never was. */
export async function holdDataset(location: string, context: JobContext): Promise<Result<Held>> {
  const known = held.get(location);
  if (known === undefined) return surveyAndHold(location, context);
  const fresh = (await stampOf(known.source)) === known.stamp ? ok(known) : await refreshed(known, context);
  if (fresh.ok) await hold(fresh.value);
  return fresh;
}

/** The source of a dataset that is held, to read a file of it; null when it is not. */
export function heldSource(location: string): DatasetSource | null {
  return held.get(location)?.source ?? null;
}

async function hold(one: Held): Promise<void> {
  const { location } = one.source;
  const before = held.get(location);
  held.delete(location);
  held.set(location, one);
  if (before !== undefined && before.source !== one.source) await before.source.close();
  for (const [oldest, { source }] of [...held].slice(0, Math.max(0, held.size - mostHeld))) {
    held.delete(oldest);
    await source.close();
  }
}

/** Reads the decisions anew, and looks at images that were added since. */
async function refreshed(known: Held, context: JobContext): Promise<Result<Held>> {
  const { source } = known;
  if (!isProject(source)) return ok(known);
  const seen = new Set(
    known.outcomes.flatMap((one) =>
      one.type === 'file' ? [one.image.path] : 'path' in one ? [one.path] : [],
    ),
  );
  const again = await source.again();
  if (!again.ok) return again;
  // A dataset in another place is another one.
  if (again.value === null) return surveyAndHold(source.location, context);
  const { listAdded } = again.value;
  async function* unseen(signal: AbortSignal) {
    for await (const entry of listAdded(signal))
      if (entry.type === 'file' && entry.path.startsWith(addedPrefix) && !seen.has(entry.path)) yield entry;
  }
  const more = await survey({ source: again.value, list: unseen }, context);
  if (!more.ok) return more;
  const outcomes = more.value.length === 0 ? known.outcomes : [...known.outcomes, ...more.value];
  const all = await withGiven(again.value, outcomes, context);
  return all.ok ? decided(again.value, all.value) : all;
}

/** Looks also at the files without a class that the user gave one, unless they were looked at before. */
async function withGiven(
  source: DatasetSource,
  outcomes: readonly Outcome[],
  context: JobContext,
): Promise<Result<readonly Outcome[]>> {
  if (!isProject(source)) return ok(outcomes);
  const given = outcomes.flatMap((one) =>
    one.type === 'finding' && isGivenClass(source.overlay, one.finding) ? [unlabelledFile(one.finding)] : [],
  );
  if (given.length === 0) return ok(outcomes);
  const seen = new Set(contentsOf(outcomes).files.map(pathOf));
  async function* unseen() {
    for (const entry of given) if (!seen.has(entry.path)) yield await Promise.resolve(entry);
  }
  const more = await survey({ source, list: unseen }, context);
  if (!more.ok) return more;
  return ok(more.value.length === 0 ? outcomes : [...outcomes, ...more.value]);
}

async function decided(source: DatasetSource, outcomes: readonly Outcome[]): Promise<Result<Held>> {
  const stamp = await stampOf(source);
  const overlay = isProject(source) ? source.overlay : nothingDecided;
  const fewest = isProject(source) ? 0 : 1;
  const dataset = assemble(source, standing(overlay, outcomes), fewest, contentsOf(outcomes));
  if (!dataset.ok) return dataset;
  const split = splitDataset(dataset.value, await splitOf(source));
  const leaks = split.ok ? nearLeaks(nearGroups(dataset.value), sideIn(split.value)) : [];
  return ok({
    source,
    outcomes,
    overlay,
    dataset: { ...dataset.value, findings: [...leaks, ...dataset.value.findings] },
    split: split.ok ? split.value : null,
    stamp,
  });
}

/** The groups of nearly equal images that the scan found. */
function nearGroups({ images, findings }: Dataset): ImageRecord[][] {
  const near = findings.filter(({ kind }) => kind === 'near-duplicate');
  const named = new Set(near.flatMap(({ paths }) => paths));
  const byPath = new Map(images.flatMap((image) => (named.has(image.path) ? [[image.path, image]] : [])));
  return near.map(({ paths }) => paths.flatMap((path) => byPath.get(path) ?? []));
}

function sideIn(split: Split): (image: ImageRecord) => SplitName {
  const held = new Map<ImageRecord, SplitName>();
  for (const side of ['validation', 'test'] as const) for (const image of split[side]) held.set(image, side);
  return (image) => held.get(image) ?? 'train';
}

function* standing(overlay: Overlay, outcomes: readonly Outcome[]): Generator<Outcome> {
  for (const label of overlay.created) yield { type: 'class', label, path: label };
  for (const outcome of outcomes) {
    const now = decideOutcome(overlay, outcome);
    if (now !== null) yield now;
  }
}

/** How a training would split a source: as its project says, else by default. */
async function splitOf({ kind, location }: DatasetSource): Promise<SplitOptions> {
  const project = kind === 'project' ? await readProject(location) : null;
  if (project?.ok !== true) return defaultTrainSettings;
  const { validation, test, seed } = project.value.split;
  return { validationSplit: validation, testSplit: test, seed };
}

async function stampOf({ kind, location }: DatasetSource): Promise<string> {
  if (kind !== 'project') return '';
  const found = await stat(projectPaths(location).file).catch(() => null);
  return found === null ? 'gone' : `${found.mtimeMs} ${found.size} ${found.ino}`;
}

function isProject(source: DatasetSource): source is ProjectSource {
  return source.kind === 'project';
}
