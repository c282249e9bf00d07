import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';

/** Where a studio's host finds Thaw's own files, and keeps the user's. */
export interface StudioPlaces {
  /** The built page. */
  readonly page: string;
  /** The built entry of the engine's process. */
  readonly engine: string;
  readonly backbones: string;
  readonly sample: string;
  /** The user's: runs, projects, dropped datasets, what was opened lately. `THAW_DATA` names another place. */
  readonly data: string;
  readonly runs: string;
  readonly projects: string;
  readonly datasets: string;
  readonly recents: string;
}

/**
 * The places of a checkout or of an unpacked application. `unpacked` holds what other programs and native code read:
 * in a packaged application it is not the archive that holds the page.
 */
export function studioPlaces(root: string, unpacked: string = root): StudioPlaces {
  const chosen = process.env['THAW_DATA'];
  const data =
    chosen !== undefined && chosen !== '' ? path.resolve(chosen) : envPaths('thaw', { suffix: '' }).data;
  return {
    page: path.join(root, 'dist', 'renderer'),
    engine: path.join(unpacked, 'dist', 'main', 'engine-process.js'),
    backbones: path.join(unpacked, 'assets', 'backbones'),
    sample: path.join(unpacked, 'assets', 'sample'),
    data,
    runs: path.join(data, 'runs'),
    projects: path.join(data, 'projects'),
    datasets: path.join(data, 'datasets'),
    recents: path.join(data, 'recents.json'),
  };
}

const cardSchema = z.object({ name: z.string(), title: z.string() });

/** The bundled backbones as a page is greeted with them, by name. Folders without a readable card are none. */
export async function bundledBackbones(folder: string): Promise<z.infer<typeof cardSchema>[]> {
  const names = await readdir(folder).catch(() => []);
  const cards = await Promise.all(names.map((name) => readCard(path.join(folder, name, 'card.json'))));
  return cards.filter((card) => card !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readCard(file: string): Promise<z.infer<typeof cardSchema> | null> {
  try {
    return cardSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch {
    // No card, or no JSON: no backbone.
    return null;
  }
}
