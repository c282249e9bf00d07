import writeFileAtomic from 'write-file-atomic';

/** The format's magic string and version 1.0 (NumPy, numpy.lib.format). */
const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
const alignment = 64;

/** A NumPy file of float32 values, row-major. */
export function encodeNpy(shape: readonly number[], values: Float32Array): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0] ?? 0},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = magic.length + 2 + dictionary.length + 1;
  const header = `${dictionary}${' '.repeat((alignment - (unpadded % alignment)) % alignment)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const data = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) data.writeFloatLE(value, index * 4);
  return Buffer.concat([magic, length, Buffer.from(header, 'latin1'), data]);
}

/** Writes it atomically. Rejects with the disk's error. */
export async function writeNpy(file: string, shape: readonly number[], values: Float32Array): Promise<void> {
  await writeFileAtomic(file, encodeNpy(shape, values));
}
