import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { WeightArray } from '../network/index.ts';
import { sizeOf } from '../network/index.ts';

/**
 * Named float32 tensors in one file, in the safetensors format: eight bytes with the header's length (little endian),
 * a JSON header, then the values (https://github.com/huggingface/safetensors, "Format").
 */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, WeightArray>;
  /** Free text by key, the format's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

const entrySchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(entrySchema);

const lengthBytes = 8;

/** Writes atomically: the old file, or the whole new one. Rejects with the disk's error. */
export async function writeTensors(file: string, { tensors, metadata }: TensorFile): Promise<void> {
  let offset = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const start = offset;
    offset += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, offset] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(header.length));
  const values = [...tensors.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  await writeFileAtomic(file, Buffer.concat([length, header, ...values]));
}

/** Errors: input-missing; input-corrupt for anything that is not such a file. */
export async function readTensors(file: string): Promise<Result<TensorFile>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    return err(thawError('input-missing', `${file} cannot be read.`, { detail: String(cause) }));
  }
  const corrupt = (found: string): Result<never> =>
    err(
      thawError('input-corrupt', `${file} is damaged.`, {
        expected: 'a safetensors file with float32 values',
        found,
      }),
    );
  if (bytes.length < lengthBytes) return corrupt(`${bytes.length} bytes`);
  const headerLength = Number(bytes.readBigUInt64LE());
  const start = lengthBytes + headerLength;
  if (start > bytes.length) return corrupt(`a header of ${headerLength} bytes in a file of ${bytes.length}`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8', lengthBytes, start));
  } catch (cause) {
    return corrupt(String(cause));
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) return corrupt(z.prettifyError(header.error));
  const { __metadata__: metadata, ...entries } = header.data;
  const tensors = new Map<string, WeightArray>();
  for (const [name, entry] of Object.entries(entries as Record<string, z.infer<typeof entrySchema>>)) {
    const [from, to] = entry.data_offsets;
    if (to - from !== 4 * sizeOf(entry.shape) || start + to > bytes.length)
      return corrupt(`the values of "${name}" at bytes ${from} to ${to}`);
    const data = new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer);
    tensors.set(name, { shape: entry.shape, data });
  }
  return ok({ tensors, metadata });
}
