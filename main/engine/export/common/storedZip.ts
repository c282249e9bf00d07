import { crc32 } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

/** 1 January 1980, 0:00: the same files give the same archive. */
const date = 0x0021;
const utf8Names = 0x0800;

/**
 * A zip archive of entries that are not packed (PKWARE APPNOTE 6.3, sections 4.3.7–4.3.16).
 * @param start where in its file the archive begins: positions in it count from the beginning of the file.
 */
export function storedZip(entries: readonly ZipEntry[], start = 0): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = start;
  for (const { name, data } of entries) {
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(utf8Names, 2);
    common.writeUInt16LE(date, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(position, 10);
    const version = Buffer.from([20, 0]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), version, common, rest, title]));
    parts.push(local, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    position += local.length + data.length;
  }
  const entriesOf = Buffer.concat(directory);
  if (position + entriesOf.length > 0xffff_ffff) throw new Error('A stored zip of 4 GB or more');
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(entriesOf.length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...parts, entriesOf, end]);
}
