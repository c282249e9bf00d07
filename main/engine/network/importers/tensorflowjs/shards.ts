import path from 'node:path';
import { thawError } from '../../../../../shared/errors.ts';
import { unreachable } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { fromFloat16Bits } from '../../weights/float16.ts';
import type { WeightArray } from '../../weights/weights.ts';
import { sizeOf } from '../../weights/weights.ts';
import type { ModelFiles } from '../files/modelFiles.ts';
import type { WeightEntry, WeightGroup } from './modelJson.ts';

/** Four gigabytes of weights are more than any backbone this engine can train. */
const maximumTotalBytes = 4 * 2 ** 30;

/** Reads every weight of a manifest, dequantised to float32, by the name the manifest gives it. */
export async function readShards(
  files: ModelFiles,
  manifest: readonly WeightGroup[],
): Promise<Result<Map<string, WeightArray>>> {
  const { place: folder } = files;
  const total = manifest.flatMap((group) => group.weights).reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (total > maximumTotalBytes) {
    return err(
      thawError('input-refused', `The model in ${folder} is too large.`, {
        expected: `at most ${maximumTotalBytes} bytes of weights`,
        found: `${total} bytes`,
      }),
    );
  }
  const weights = new Map<string, WeightArray>();
  for (const group of manifest) {
    const bytes = await readGroup(files, group);
    if (!bytes.ok) return bytes;
    let offset = 0;
    for (const entry of group.weights) {
      const length = bytesOf(entry);
      const slice = bytes.value.subarray(offset, offset + length);
      weights.set(entry.name, { shape: entry.shape, data: decode(entry, slice) });
      offset += length;
    }
  }
  return ok(weights);
}

/** A group's shards joined; their total length must be what the manifest declares. */
async function readGroup(source: ModelFiles, group: WeightGroup): Promise<Result<Uint8Array>> {
  const { place: folder } = source;
  const expected = group.weights.reduce((sum, entry) => sum + bytesOf(entry), 0);
  const files: { name: string; bytes: number }[] = [];
  for (const name of group.paths) {
    const file = path.resolve(folder, name);
    const relative = path.relative(folder, file);
    if (path.isAbsolute(name) || relative.startsWith('..') || path.isAbsolute(relative)) {
      return err(
        thawError(
          'input-refused',
          `model.json in ${folder} names a weight file outside its folder: ${name}.`,
          {
            remedy: 'Do not use this model unless you know who made it.',
          },
        ),
      );
    }
    const size = await source.sizeOf(name);
    if (size === null) {
      const rest = expected - files.reduce((sum, { bytes }) => sum + bytes, 0);
      return err(
        thawError('input-missing', `The weight file ${name} of the model in ${folder} is missing.`, {
          expected: `${rest} bytes in ${group.paths.slice(files.length).join(', ')}`,
          found: 'no such file',
          remedy: 'Copy the whole model folder again.',
        }),
      );
    }
    files.push({ name, bytes: size });
  }
  const found = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (found !== expected) {
    const names = files.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(', ');
    return err(
      thawError(
        'input-corrupt',
        `The weights of the model in ${folder} are ${found < expected ? 'cut short' : 'longer than declared'}: ${names}.`,
        {
          expected: `${expected} bytes`,
          found: `${found} bytes`,
          remedy: 'Copy the model again.',
        },
      ),
    );
  }
  const joined = new Uint8Array(expected);
  let offset = 0;
  for (const { name, bytes } of files) {
    const content = await source.read(name);
    if (content?.length !== bytes) {
      return err(
        thawError('input-missing', `The weight file ${name} of the model in ${folder} cannot be read.`),
      );
    }
    joined.set(content, offset);
    offset += bytes;
  }
  return ok(joined);
}

function bytesOf(entry: WeightEntry): number {
  return sizeOf(entry.shape) * bytesPerValue(entry);
}

function bytesPerValue({ dtype, quantization }: WeightEntry): number {
  switch (quantization?.dtype ?? dtype) {
    case 'float32':
    case 'int32':
      return 4;
    case 'float16':
    case 'uint16':
      return 2;
    default:
      return 1;
  }
}

function decode(entry: WeightEntry, bytes: Uint8Array): Float32Array {
  const values = new Float32Array(sizeOf(entry.shape));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { quantization } = entry;
  const read = (index: number): number => {
    switch (quantization?.dtype) {
      case 'float16':
        return fromFloat16Bits(view.getUint16(index * 2, true));
      case 'uint16':
        return view.getUint16(index * 2, true) * quantization.scale + quantization.min;
      case 'uint8':
        return view.getUint8(index) * quantization.scale + quantization.min;
      case undefined:
        break;
      default:
        return unreachable(quantization);
    }
    if (entry.dtype === 'float32') return view.getFloat32(index * 4, true);
    if (entry.dtype === 'int32') return view.getInt32(index * 4, true);
    return view.getUint8(index);
  };
  for (let index = 0; index < values.length; index += 1) values[index] = read(index);
  return values;
}
