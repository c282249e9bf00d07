import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { OnnxModel } from '../../onnx/messages.ts';
import { decodeOnnx } from '../../onnx/messages.ts';
import { takeExternalData, tooLarge } from './externalData.ts';

/** An ONNX model with all its weights in memory. */
export interface OnnxFile {
  readonly model: OnnxModel;
  /** Names of the files it is made of, in its folder; the model itself first. */
  readonly names: readonly string[];
  /** SHA-256 of all of them. */
  readonly hash: string;
}

/** A protocol buffer's limit, which ONNX Runtime has too for a model in memory. */
export const mostModelBytes = 2 ** 31 - 2 ** 20;

/**
 * Reads an ONNX model and the files beside it that hold its weights.
 * Errors: input-missing, input-corrupt, input-refused (weights outside its folder), engine-unsupported (larger than 2 GB).
 */
export async function readOnnx(location: string): Promise<Result<OnnxFile>> {
  const name = path.basename(location);
  const found = await stat(location).catch(() => null);
  if (found?.isFile() !== true)
    return err(
      thawError('input-missing', `There is no file at ${location}.`, {
        expected: 'an ONNX file',
        remedy: 'Check the path.',
      }),
    );
  if (found.size > mostModelBytes) return tooLarge(name, found.size);
  const bytes = await readFile(location).catch(() => null);
  if (bytes === null) return err(thawError('input-missing', `${location} cannot be read.`));
  const model = decode(bytes, name);
  if (!model.ok) return model;
  const hash = createHash('sha256').update(bytes);
  const external = await takeExternalData(model.value, location, mostModelBytes - found.size);
  if (!external.ok) return external;
  for (const { name: file, bytes: content } of external.value) hash.update(`\n${file}\n`).update(content);
  const names = [name, ...external.value.map((one) => one.name)];
  return ok({ model: model.value, names, hash: hash.digest('hex') });
}

function decode(bytes: Uint8Array, name: string): Result<OnnxModel> {
  try {
    const model = decodeOnnx(bytes);
    if (model.graph !== null && model.graph.node.length > 0) return ok(model);
    return err(
      thawError('input-corrupt', `${name} is no ONNX model: it holds no graph.`, {
        remedy: 'Export the model again.',
      }),
    );
  } catch (cause) {
    return err(
      thawError('input-corrupt', `${name} is damaged or cut short: it is not a complete ONNX model.`, {
        remedy: 'Copy or download it again.',
        detail: String(cause),
      }),
    );
  }
}
