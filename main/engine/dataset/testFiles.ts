import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import type { Dataset } from '../../../shared/domain/dataset.ts';
import { quietContext } from '../jobs/context.ts';
import { openDataset, scanDataset } from './index.ts';
import { buildTestWorker } from './testWorker.ts';
import { zipOf } from './testZip.ts';

/** For tests: makes datasets in a folder that is there while a file's tests run, and scans them with a worker of its own. */
export function testFiles() {
  const made = { root: '', entry: '' };
  beforeAll(async () => {
    made.root = await mkdtemp(path.join(tmpdir(), 'thaw-dataset-'));
    made.entry = await buildTestWorker();
  });
  afterAll(() => rm(made.root, { recursive: true, force: true }));
  return {
    made,
    async folder(name: string, files: Record<string, Uint8Array>): Promise<string> {
      for (const [at, bytes] of Object.entries(files)) {
        const file = path.join(made.root, name, at);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
      return path.join(made.root, name);
    },
    zip: (name: string, files: Record<string, Uint8Array>, mode?: number) =>
      zipOf(path.join(made.root, name), files, mode),
    async scan(location: string): Promise<Dataset> {
      const source = await openDataset(location);
      if (!source.ok) throw new Error(source.error.message);
      const options = { entry: made.entry, workers: 2 };
      const dataset = await scanDataset(source.value, quietContext(), options);
      await source.value.close();
      if (!dataset.ok) throw new Error(dataset.error.message);
      return dataset.value;
    },
  };
}

/** An image that no other seed gives. */
export const png = (seed: number) =>
  sharp({ create: { width: 36, height: 32, channels: 3, background: { r: seed & 255, g: seed >> 8, b: 9 } } })
    .png()
    .toBuffer();

/** Kinds of findings, with the files they are about. */
export const findings = (dataset: Dataset) =>
  dataset.findings.map(({ kind, paths }) => `${kind} ${paths.join('|')}`);
