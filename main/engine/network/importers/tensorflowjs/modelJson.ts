import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { thawError } from '../../../../../shared/errors.ts';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { parseUntrustedJson } from '../files/json.ts';

/** TensorFlow.js `model.json`: a topology and a weights manifest (tfjs-core io/types.ts). */

const quantization = z.discriminatedUnion('dtype', [
  z.object({ dtype: z.enum(['uint8', 'uint16']), scale: z.number(), min: z.number() }),
  z.object({ dtype: z.literal('float16') }),
]);

const weightEntry = z.object({
  name: z.string().min(1).max(1000),
  shape: z.array(z.number().int().min(0)).max(8),
  dtype: z.enum(['float32', 'int32', 'bool', 'uint8']),
  quantization: quantization.optional(),
});
export type WeightEntry = z.infer<typeof weightEntry>;

const weightGroup = z.object({ paths: z.array(z.string().min(1)).min(1), weights: z.array(weightEntry) });
export type WeightGroup = z.infer<typeof weightGroup>;

const json: z.ZodType<JsonValue> = z.json() as z.ZodType<JsonValue>;

const modelJson = z.object({
  format: z.string().nullish(),
  modelTopology: z.record(z.string(), json),
  weightsManifest: z.array(weightGroup),
  signature: json.optional(),
  userDefinedMetadata: json.optional(),
});
export type ModelJson = z.infer<typeof modelJson>;

/** A topology of a million characters is large; a hundred million is not a topology. */
const maximumBytes = 100_000_000;

/** Where a model is: its folder and its `model.json`, given either. */
export async function locateModel(location: string): Promise<Result<{ folder: string; file: string }>> {
  const found = await stat(location).catch(() => null);
  if (found === null) {
    return err(
      thawError('input-missing', `There is no model at ${location}.`, {
        remedy: 'Give a folder with model.json, or the path of model.json.',
      }),
    );
  }
  const file = found.isDirectory() ? path.join(location, 'model.json') : location;
  const details = await stat(file).catch(() => null);
  if (details === null || !details.isFile()) {
    return err(
      thawError('input-missing', `${location} holds no model.json.`, {
        expected: 'a TensorFlow.js model: model.json and its weight files',
      }),
    );
  }
  if (details.size > maximumBytes) {
    return err(
      thawError('input-refused', `${file} is too large for a model description.`, {
        expected: `at most ${maximumBytes} bytes`,
        found: `${details.size} bytes`,
      }),
    );
  }
  return ok({ folder: path.dirname(file), file });
}

export async function readModelJson(file: string): Promise<Result<ModelJson>> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return err(thawError('input-missing', `${file} cannot be read.`));
  return parseModelJson(text, file);
}

/** The text of a model.json. */
export function parseModelJson(text: string, file: string): Result<ModelJson> {
  const parsed = parseUntrustedJson(text, file);
  if (!parsed.ok) return parsed;
  const model = modelJson.safeParse(parsed.value);
  if (model.success) return ok(model.data);
  return err(
    thawError('input-unsupported', `${file} is not a TensorFlow.js model.`, {
      expected: 'modelTopology and weightsManifest',
      found: z.prettifyError(model.error).slice(0, 500),
      remedy: 'Convert the model with tensorflowjs_converter.',
    }),
  );
}
