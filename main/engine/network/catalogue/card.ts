import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';

const cardSchema = z.object({
  /** What `--backbone` takes. */
  name: z.string().min(1).max(200),
  title: z.string().max(500),
  /** Side of the square input the weights were trained at, in pixels. */
  inputSize: z.number().int().min(16).max(4096),
  preprocess: z.enum(['tf', 'torch', 'caffe', 'unit', 'none']),
  licence: z.string(),
  source: z.string(),
  paper: z.string().nullable(),
  /** How good it is, in plain words with numbers. */
  notes: z.array(z.string()),
  /** SHA-256, hex, of files beside the card. */
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).default({}),
});

/** What is known about a backbone: `card.json` beside its `model.json`. */
export type BackboneCard = z.infer<typeof cardSchema>;

const maximumBytes = 1_000_000;

/** Reads `card.json` of a model's folder; null when there is none. */
export async function readCard(folder: string): Promise<Result<BackboneCard | null>> {
  const file = path.join(folder, 'card.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ok(null);
    return err(thawError('input-missing', `${file} cannot be read.`, { detail: String(cause) }));
  }
  const parsed = text.length > maximumBytes ? null : cardSchema.safeParse(parseJson(text));
  if (parsed?.success === true) return ok(parsed.data);
  return err(
    thawError('input-corrupt', `${file} is not a backbone card.`, {
      expected: 'name, title, inputSize, preprocess, licence, source, paper, notes',
      ...(parsed === null ? {} : { found: z.prettifyError(parsed.error) }),
      remedy: 'Correct the card, or remove it and name the preprocessing with --preprocess.',
    }),
  );
}

/** Undefined for text that is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
