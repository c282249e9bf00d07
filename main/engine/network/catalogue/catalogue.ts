import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { storedFile, storedNote } from '../../backbones/store.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { architectures, findArchitecture, noWeights, openArchitecture } from '../architectures/index.ts';
import type { BackboneCard } from './card.ts';
import { readCard } from './card.ts';
import { importNetwork, requireLayers } from '../importNetwork.ts';
import type { ImportedNetwork } from '../importNetwork.ts';
import { loadWeightsOnto } from '../importers/keras/loadWeightsOnto.ts';
import { hashWeights } from '../weights/weights.ts';

const bundledFolder = path.join(packageRoot, 'assets', 'backbones');

export interface BundledBackbone {
  readonly card: BackboneCard;
  readonly folder: string;
}

/** The backbones that come with Thaw, by name. Folders without a readable card are no backbones. */
export async function listBackbones(folder: string = bundledFolder): Promise<BundledBackbone[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: BundledBackbone[] = [];
  for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
    const place = path.join(folder, entry.name);
    const card = await readCard(place);
    if (card.ok && card.value !== null) found.push({ card: card.value, folder: place });
  }
  return found.sort((a, b) => (a.card.name < b.card.name ? -1 : 1));
}

export interface BackboneOptions {
  /** A Keras file whose weights take the place of the backbone's; an architecture has no others. */
  readonly weights?: string | null;
  /** Answers an architecture without weights with no weights instead of an error. */
  readonly withoutWeights?: boolean;
  /** Side of the square image an architecture is built for, in pixels; its own when not told. */
  readonly imageSize?: number | null;
}

/**
 * A backbone by the name of a bundled one, by the path of a model, or by the name of an architecture, whose weights are
 * then those of the user's store. An unknown name
 * is answered with the nearest known one.
 */
export async function resolveBackbone(
  nameOrPath: string,
  options: BackboneOptions = {},
): Promise<Result<ImportedNetwork>> {
  const { weights = null, withoutWeights = false, imageSize = null } = options;
  const bundled = await listBackbones();
  const named = bundled.find(({ card }) => card.name === nameOrPath);
  if (named !== undefined) return importWith(named.folder, weights);
  const exists = await stat(nameOrPath).then(
    () => true,
    () => false,
  );
  if (exists) return importWith(nameOrPath, weights);
  const architecture = findArchitecture(nameOrPath);
  if (architecture !== undefined) {
    const kept =
      withoutWeights || (await storedNote(architecture.name)) === null ? null : storedFile(architecture.name);
    return weights === null && kept === null && !withoutWeights
      ? noWeights(architecture)
      : openArchitecture(architecture, { weights: weights ?? kept, imageSize });
  }
  const names = [...bundled.map(({ card }) => card.name), ...architectures.keys()];
  const near = nearest(nameOrPath, names);
  return err(
    thawError('input-missing', `There is no backbone called "${nameOrPath}", and no such path.`, {
      expected: `the path of a model, or one of: ${names.join(', ')}`,
      remedy: near === null ? 'Give the path of a model.' : `Did you mean "${near}"?`,
    }),
  );
}

/** A model with its own weights, or with those of a Keras file. */
async function importWith(location: string, weights: string | null): Promise<Result<ImportedNetwork>> {
  const imported = await importNetwork(location);
  if (!imported.ok || weights === null) return imported;
  const layers = requireLayers(imported.value);
  if (!layers.ok) return layers;
  const loaded = await loadWeightsOnto(layers.value.network, weights);
  if (!loaded.ok) return loaded;
  return ok({ ...layers.value, weights: loaded.value, weightsHash: hashWeights(loaded.value) });
}

/** The candidate within a third of the word's length in edits, or null. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: { name: string; edits: number } | null = null;
  for (const name of candidates) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    if (best === null || edits < best.edits) best = { name, edits };
  }
  if (best === null) return null;
  const limit = Math.max(2, Math.floor(best.name.length / 3));
  const contained = word.length >= 4 && best.name.includes(word.toLowerCase());
  return best.edits <= limit || contained ? best.name : null;
}

/** Levenshtein distance, one row at a time (Wagner and Fischer 1974). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const replace = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
