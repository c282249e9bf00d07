import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { OnnxModel, OnnxTensorMessage } from '../../onnx/messages.ts';
import { tensorsInside } from './walk.ts';

/** TensorProto.DataLocation. */
const external = 1;

/** Bytes of one value, by TensorProto.DataType; types narrower than a byte and strings are not kept outside. */
const valueBytes: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};

interface Part {
  readonly tensor: OnnxTensorMessage;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Puts the weights that an ONNX model keeps in files beside it into the model (ONNX specification, "External Tensor
 * Data"). Only files in the model's own folder and below are read, and of them what the tensors' shapes ask for.
 * @returns what was read, file by file. Errors: input-missing, input-corrupt, input-refused, engine-unsupported.
 */
export async function takeExternalData(
  model: OnnxModel,
  location: string,
  mostBytes: number,
): Promise<Result<readonly { readonly name: string; readonly bytes: Uint8Array }[]>> {
  const name = path.basename(location);
  const outside = (model.graph?.initializer ?? []).filter((tensor) => tensor.data_location === external);
  const hidden = tensorsInside(model).find((tensor) => tensor.data_location === external);
  if (hidden !== undefined)
    return err(
      thawError('engine-unsupported', `${name} keeps a constant inside an operation in another file.`, {
        found: hidden.name,
        remedy: 'Save the model with its weights inside: onnx.save_model(onnx.load(FILE), FILE2).',
      }),
    );
  const parts: Part[] = [];
  for (const tensor of outside) {
    const part = partOf(tensor, name);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  if (total > mostBytes) return tooLarge(name, total);
  const folder = path.dirname(path.resolve(location));
  const read: { name: string; bytes: Uint8Array }[] = [];
  for (const file of new Set(parts.map((part) => part.file))) {
    const own = parts.filter((part) => part.file === file);
    const content = await readParts(folder, file, own, name);
    if (!content.ok) return content;
    read.push({ name: file, bytes: content.value });
  }
  return ok(read);
}

function partOf(tensor: OnnxTensorMessage, name: string): Result<Part> {
  const entry = (key: string): string | undefined =>
    tensor.external_data.find((one) => one.key === key)?.value;
  const file = entry('location') ?? '';
  const offset = Number(entry('offset') ?? 0);
  const values = tensor.dims.reduce<number>((product, length) => product * Number(length), 1);
  const length = values * (valueBytes[tensor.data_type] ?? Number.NaN);
  const stated = entry('length');
  const isSound = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0;
  if (!isSound || (stated !== undefined && Number(stated) !== length))
    return err(
      thawError('input-corrupt', `${name} describes the weights "${tensor.name}" wrongly.`, {
        expected: `${length} bytes for [${tensor.dims.map(Number).join(', ')}]`,
        found: `${stated ?? 'no length'} from ${offset}`,
        remedy: 'Export the model again.',
      }),
    );
  const leaves = path.normalize(file).split(/[\\/]/).includes('..');
  if (file === '' || leaves || path.isAbsolute(file) || /^[A-Za-z]:|\0/.test(file))
    return err(
      thawError('input-refused', `${name} keeps weights outside its own folder.`, {
        expected: 'the name of a file beside it',
        found: file.slice(0, 200),
      }),
    );
  return ok({ tensor, file, offset, length });
}

async function readParts(
  folder: string,
  file: string,
  parts: readonly Part[],
  name: string,
): Promise<Result<Uint8Array>> {
  const place = path.join(folder, file);
  const found = await stat(place).catch(() => null);
  if (found?.isFile() !== true)
    return err(
      thawError('input-missing', `${name} keeps its weights in ${file}, which is not beside it.`, {
        expected: place,
        remedy: 'Put both files into one folder and give the model, or drop the folder.',
      }),
    );
  const inside = path.relative(await realpath(folder), await realpath(place));
  if (inside.startsWith('..') || path.isAbsolute(inside))
    return err(
      thawError('input-refused', `${file} beside ${name} is a link to a place outside its folder.`, {
        remedy: 'Put the file itself there.',
      }),
    );
  const missing = parts.find(({ offset, length }) => offset + length > found.size);
  if (missing !== undefined)
    return err(
      thawError(
        'input-corrupt',
        `${file} is cut short: the weights "${missing.tensor.name}" lie beyond its end.`,
        {
          expected: `at least ${missing.offset + missing.length} bytes`,
          found: `${found.size} bytes`,
          remedy: 'Copy or download it again.',
        },
      ),
    );
  const handle = await open(place);
  try {
    const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const { tensor, offset, length } of parts) {
      const own = all.subarray(at, at + length);
      if (length > 0) await handle.read(own, 0, length, offset);
      tensor.raw_data = own;
      tensor.external_data = [];
      tensor.data_location = 0;
      at += length;
    }
    return ok(all);
  } finally {
    await handle.close();
  }
}

export function tooLarge(name: string, bytes: number): Result<never> {
  return err(
    thawError('engine-unsupported', `${name} is too large to be run from memory.`, {
      expected: 'at most 2 GB, weights included',
      found: `${(bytes / 1e9).toFixed(1)} GB`,
      remedy: 'Use a smaller model, or one with float16 weights.',
    }),
  );
}
