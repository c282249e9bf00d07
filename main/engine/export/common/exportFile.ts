import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { exportFormats, weightTypes } from '../../../../shared/domain/export.ts';

/** `thaw.json` of an export: what goes in, what comes out, how it was made and how it was checked. */
export const exportFileSchema = z.object({
  format: z.literal('thaw-export'),
  version: z.literal(1),
  export: z.object({
    format: z.enum(exportFormats),
    weights: z.enum(weightTypes),
    batch: z.enum(['dynamic', 'one']),
    facts: z.record(z.string(), z.string()),
  }),
  backbone: z.string(),
  classes: z.array(z.string()).min(2),
  input: z.object({
    name: z.literal('image'),
    dtype: z.literal('float32'),
    shape: z.array(z.number().int().nullable()),
    colour: z.literal('RGB'),
    range: z.array(z.number()),
  }),
  output: z.object({
    name: z.literal('probabilities'),
    dtype: z.literal('float32'),
    shape: z.array(z.number().int().nullable()),
  }),
  imageSize: z.number().int().positive(),
  resize: z.enum(['squash', 'crop', 'pad']),
  /** Scaling that the model does itself. */
  preprocess: z.enum(['tf', 'torch', 'caffe', 'unit', 'none']),
  training: z.object({
    epoch: z.number().int(),
    valAccuracy: z.number(),
    trainImages: z.number().int(),
    validationImages: z.number().int(),
  }),
  versions: z.record(z.string(), z.string()),
  verified: z.object({
    runtime: z.string().nullable(),
    images: z.number().int(),
    maxAbsDifference: z.number().nullable(),
    labelAgreement: z.number().nullable(),
    tolerance: z.number().nullable(),
  }),
  accuracy: z.object({ images: z.number().int(), before: z.number(), after: z.number() }).nullable(),
  notices: z.array(z.string()),
  /** SHA-256, hex, of every other file in the folder. */
  sha256: z.record(z.string(), z.string()),
});
export type ExportFile = z.infer<typeof exportFileSchema>;

/** Reads an export's thaw.json; null for a folder that is no export. */
export async function readExportFile(folder: string): Promise<ExportFile | null> {
  const text = await readFile(path.join(folder, 'thaw.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const parsed = exportFileSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Every file below a folder: its path with forward slashes, sorted, and its size. */
export async function filesOf(folder: string): Promise<{ name: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  return Promise.all(
    files.sort().map(async (file) => ({
      name: file.split(path.sep).join('/'),
      bytes: (await stat(path.join(folder, file))).size,
    })),
  );
}

/** SHA-256, hex, by file name. */
export async function hashesOf(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of names)
    hashes[name] = createHash('sha256')
      .update(await readFile(path.join(folder, name)))
      .digest('hex');
  return hashes;
}
