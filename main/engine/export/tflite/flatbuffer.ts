import { Builder } from 'flatbuffers';

/**
 * FlatBuffers tables as values: a field by the number it has in its schema. Written without generated code, so that what
 * is in a file can be read where it is made.
 */
export type Field =
  | { readonly int8: number }
  | { readonly uint8: number }
  | { readonly bool: boolean }
  | { readonly int32: number }
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly text: string }
  | { readonly table: Table }
  | { readonly tables: readonly Table[] }
  | { readonly int32s: readonly number[] }
  | { readonly int64s: readonly number[] }
  | { readonly floats: readonly number[] }
  /** Aligned to 16 bytes, as TensorFlow Lite wants its weights. */
  | { readonly bytes: Uint8Array };

export type Table = ReadonlyMap<number, Field>;

/** A table of fields by number; those that are undefined are left out. */
export function table(fields: Readonly<Record<number, Field | undefined>>): Table {
  return new Map(
    Object.entries(fields).flatMap(([slot, field]) =>
      field === undefined ? [] : [[Number(slot), field] as const],
    ),
  );
}

/** Encodes a root table. @param identifier the four letters that name the format. */
export function encodeFlatbuffer(root: Table, identifier: string): Uint8Array {
  const builder = new Builder(1024);
  builder.forceDefaults(true);
  builder.finish(writeTable(builder, root), identifier);
  return builder.asUint8Array();
}

function writeTable(builder: Builder, fields: Table): number {
  const offsets = new Map([...fields].map(([slot, field]) => [slot, writeOffset(builder, field)]));
  builder.startObject(Math.max(-1, ...fields.keys()) + 1);
  for (const [slot, field] of fields) {
    const offset = offsets.get(slot) ?? null;
    if (offset !== null) builder.addFieldOffset(slot, offset, 0);
    else if ('int8' in field) builder.addFieldInt8(slot, field.int8, 0);
    else if ('uint8' in field) builder.addFieldInt8(slot, field.uint8, 0);
    else if ('bool' in field) builder.addFieldInt8(slot, field.bool ? 1 : 0, 0);
    else if ('int32' in field) builder.addFieldInt32(slot, field.int32, 0);
    else if ('uint32' in field) builder.addFieldInt32(slot, field.uint32, 0);
    else if ('float32' in field) builder.addFieldFloat32(slot, field.float32, 0);
  }
  return builder.endObject();
}

/** What a field points to, written before its table; null for a field that holds its value. */
function writeOffset(builder: Builder, field: Field): number | null {
  if ('text' in field) return builder.createString(field.text);
  if ('table' in field) return writeTable(builder, field.table);
  if ('tables' in field) {
    const offsets = field.tables.map((one) => writeTable(builder, one));
    return vector(builder, 4, offsets, (offset) => {
      builder.addOffset(offset);
    });
  }
  if ('int32s' in field)
    return vector(builder, 4, field.int32s, (value) => {
      builder.addInt32(value);
    });
  if ('int64s' in field)
    return vector(builder, 8, field.int64s, (value) => {
      builder.addInt64(BigInt(value));
    });
  if ('floats' in field)
    return vector(builder, 4, field.floats, (value) => {
      builder.addFloat32(value);
    });
  if ('bytes' in field) {
    builder.prep(16, field.bytes.length);
    return builder.createByteVector(field.bytes);
  }
  return null;
}

/** Vectors are built from their end. */
function vector<T>(builder: Builder, size: number, values: readonly T[], add: (value: T) => void): number {
  builder.startVector(size, values.length, size);
  for (const value of values.toReversed()) add(value);
  return builder.endVector();
}
