import { thawError } from '../../../../../../shared/errors.ts';
import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import { tensorflowMessages } from '../../../../runtime/tensorflowMessages.ts';
import { fromFloat16Bits } from '../../../weights/float16.ts';
import type { ModelFiles } from '../../files/modelFiles.ts';
import { maskedCrc32c } from './crc32c.ts';
import { readSortedTable } from './sortedTable.ts';

/** One tensor of a checkpoint, as it is stored. */
export interface BundleTensor {
  /** DataType of types.proto. */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Little-endian values, row-major. */
  readonly bytes: Uint8Array;
}

/** TensorFlow's checkpoint format: an index of tensors, and their values in one file or more. */
export interface TensorBundle {
  /** Names of its files. */
  readonly files: readonly string[];
  has(key: string): boolean;
  /** Errors: input-corrupt, naming the tensor. */
  read(key: string): Promise<Result<BundleTensor>>;
}

interface Entry {
  readonly dtype: number;
  readonly shape: { readonly dim: readonly { readonly size: unknown }[] } | null;
  readonly shard_id: number;
  readonly offset: unknown;
  readonly size: unknown;
  readonly crc32c: number;
  readonly slices: readonly object[];
}

/** Bytes of a value, by DataType; 0 for strings, whose length is their own. */
const valueBytes: Readonly<Record<number, number>> = {
  1: 4,
  2: 8,
  3: 4,
  4: 1,
  5: 2,
  6: 1,
  7: 0,
  9: 8,
  10: 1,
  14: 2,
  17: 2,
  19: 2,
  22: 4,
  23: 8,
};
const mostShards = 1000;
const float = 1;
const double = 2;
const string = 7;
const half = 19;

/**
 * Opens a checkpoint (tensorflow/core/util/tensor_bundle). Data files are read when a tensor in them is asked for.
 * @param prefix its files are `PREFIX.index` and `PREFIX.data-00000-of-00001`.
 * Errors: input-missing, input-corrupt, engine-unsupported (written on a big-endian machine).
 */
export async function openTensorBundle(files: ModelFiles, prefix: string): Promise<Result<TensorBundle>> {
  const indexName = `${prefix}.index`;
  const bytes = await files.read(indexName);
  if (bytes === null)
    return err(
      thawError('input-missing', `${files.place} holds no ${indexName}, in which its weights are listed.`, {
        remedy: 'Copy the whole folder.',
      }),
    );
  const damaged = (why: string): Result<never> =>
    err(
      thawError('input-corrupt', `${indexName} in ${files.place} is damaged: ${why}.`, {
        remedy: 'Copy the folder again.',
      }),
    );
  const table = readSortedTable(bytes);
  if (!table.ok) return damaged(table.error);
  const header = decode<{ num_shards: number; endianness: number }>('BundleHeaderProto', table.value.get(''));
  const shards = header?.num_shards ?? 0;
  if (shards < 1 || shards > mostShards) return damaged('it does not say how many data files there are');
  if (header?.endianness !== 0)
    return err(thawError('engine-unsupported', `${indexName} was written on a big-endian machine.`));
  const digits = (number: number): string => String(number).padStart(5, '0');
  const shardNames = Array.from(
    { length: shards },
    (_, index) => `${prefix}.data-${digits(index)}-of-${digits(shards)}`,
  );
  const loaded = new Map<number, Uint8Array | null>();
  return ok({
    files: [indexName, ...shardNames],
    has: (key) => key !== '' && table.value.has(key),
    async read(key) {
      const wrong = (why: string): Result<never> =>
        err(
          thawError('input-corrupt', `The weights "${key}" of ${files.place} are damaged: ${why}.`, {
            remedy: 'Copy the folder again.',
          }),
        );
      const entry = decode<Entry>('BundleEntryProto', table.value.get(key));
      if (entry === null || key === '') return wrong('they are not listed');
      if (entry.slices.length > 0) return wrong('they are stored in slices');
      const shape = (entry.shape?.dim ?? []).map(({ size }) => Number(size));
      const [offset, size] = [Number(entry.offset), Number(entry.size)];
      const values = shape.reduce((product, length) => product * length, 1);
      const each = valueBytes[entry.dtype];
      if (each === undefined || shape.some((length) => length < 0)) return wrong('their type is unknown');
      if (each > 0 && values * each !== size) return wrong('their size does not fit their shape');
      const shard = shardNames[entry.shard_id];
      if (shard === undefined) return wrong('they lie in a file that is not there');
      if (!loaded.has(entry.shard_id)) loaded.set(entry.shard_id, await files.read(shard));
      const data = loaded.get(entry.shard_id) ?? null;
      if (data === null) return wrong(`${shard} cannot be read`);
      if (!Number.isSafeInteger(offset + size) || offset < 0 || size < 0 || offset + size > data.length)
        return wrong(`they lie beyond the end of ${shard}`);
      const own = data.subarray(offset, offset + size);
      // Strings have a checksum of another kind, over their lengths as numbers.
      if (each > 0 && maskedCrc32c(own) !== entry.crc32c >>> 0) return wrong('their checksum does not match');
      return ok({ dtype: entry.dtype, shape, bytes: own });
    },
  });
}

/** A tensor's values as float32; null for a type that is no weight's. */
export function bundleFloats({ dtype, bytes }: BundleTensor): Float32Array | null {
  const { buffer } = new Uint8Array(bytes);
  if (dtype === float) return new Float32Array(buffer);
  if (dtype === double) return Float32Array.from(new Float64Array(buffer));
  if (dtype === half) return Float32Array.from(new Uint16Array(buffer), fromFloat16Bits);
  // Normalization counts what it has seen.
  if (dtype === 3) return Float32Array.from(new Int32Array(buffer));
  if (dtype === 9) return Float32Array.from(new BigInt64Array(buffer), Number);
  return null;
}

/** The only string of a tensor that holds one: its length in seven bits a byte, a checksum of four bytes, its bytes. */
export function bundleString({ dtype, bytes }: BundleTensor): Uint8Array | null {
  if (dtype !== string) return null;
  let at = 0;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  const length = bytes.subarray(0, at + 1).reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const start = at + 1 + 4;
  return start + length === bytes.length ? bytes.subarray(start) : null;
}

function decode<Message>(name: string, bytes: Uint8Array | undefined): Message | null {
  if (bytes === undefined) return null;
  try {
    return tensorflowMessages.lookupType(name).decode(bytes) as unknown as Message;
  } catch {
    return null;
  }
}
