import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Network } from '../../../shared/domain/network.ts';
import type { CatalogueEntry } from '../../../shared/ipc/model/backbones.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { Architecture, BundledBackbone } from '../network/index.ts';
import { architectures, importNetwork, listBackbones } from '../network/index.ts';
import { accuracies, licences } from './facts.ts';
import { publishedWeights } from './published.ts';
import { storedFile, storedNote } from './store.ts';

/** Every backbone there is: the bundled ones, then the architectures whose weights can be fetched or added. */
export async function listCatalogue(): Promise<Result<CatalogueEntry[]>> {
  const entries: CatalogueEntry[] = [];
  for (const backbone of await listBackbones()) {
    const entry = await bundledEntry(backbone);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  for (const architecture of architectures.values()) {
    const entry = await architectureEntry(architecture);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return ok(entries);
}

async function bundledEntry({ card, folder }: BundledBackbone): Promise<Result<CatalogueEntry>> {
  const imported = await importNetwork(folder);
  if (!imported.ok) return imported;
  const network = imported.value.kind === 'layers' ? imported.value.network : null;
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(path.join(folder, name))).size;
  const { name, title, inputSize, preprocess, licence, source, paper, notes } = card;
  return ok({
    name,
    title,
    family: 'bundled',
    inputSize,
    preprocess,
    parameters: imported.value.kind === 'graph' ? imported.value.parameters : countParameters(network),
    bytes,
    top1: null,
    licence,
    source,
    paper,
    notes,
    boundaries: network?.blocks.map((block) => block.name) ?? [],
    weights: 'bundled',
    available: true,
    file: folder,
  });
}

/** An architecture as it is used: without its classifier. */
export async function architectureEntry(architecture: Architecture): Promise<Result<CatalogueEntry>> {
  const { name, title, family, inputSize, preprocess, paper } = architecture;
  const described = describe(architecture);
  if (!described.ok) return described;
  const { parameters, boundaries } = described.value;
  const note = await storedNote(name);
  const published = publishedWeights.get(name);
  return ok({
    name,
    title,
    family,
    inputSize,
    preprocess,
    parameters,
    // Float32 values; what else is in a file hardly counts.
    bytes: note?.bytes ?? parameters * 4,
    top1: accuracies.get(name) ?? null,
    licence: licences.get(family) ?? 'not stated',
    source: published === undefined ? 'a file of yours' : `https://storage.googleapis.com/${published.path}`,
    paper: `https://arxiv.org/abs/${paper}`,
    notes: [...architecture.notes],
    boundaries,
    weights: note !== null ? 'here' : published === undefined ? 'add' : 'fetch',
    available: note !== null,
    file: note === null ? null : storedFile(name),
  });
}

interface Described {
  readonly parameters: number;
  readonly boundaries: readonly string[];
}

/** Building the largest takes a tenth of a second, so each is built once. */
const descriptions = new Map<string, Described>();

function describe(architecture: Architecture): Result<Described> {
  const before = descriptions.get(architecture.name);
  if (before !== undefined) return ok(before);
  const built = architecture.build({ pooling: architecture.poolsInside ? 'average' : 'none' });
  if (!built.ok) return built;
  const described = {
    parameters: countParameters(built.value),
    boundaries: built.value.blocks.map((block) => block.name),
  };
  descriptions.set(architecture.name, described);
  return ok(described);
}

function countParameters(network: Network | null): number {
  return network?.layers.reduce((sum, layer) => sum + layer.parameters, 0) ?? 0;
}
