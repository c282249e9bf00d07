import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import { maskedCrc32c } from './crc32c.ts';

/**
 * A sorted table of keys and values as LevelDB and TensorFlow write it (LevelDB, doc/table_format.md): blocks of entries
 * whose keys share beginnings, a block of the blocks' places, and a footer of 48 bytes.
 */

const footerBytes = 48;
const magic = 0xdb4775248b80fb57n;
/** Behind every block: a byte that says how it is compressed, and a checksum. */
const trailerBytes = 5;
const mostEntries = 2_000_000;

/** Every entry, by its key. Errors are one sentence for a person. */
export function readSortedTable(bytes: Uint8Array): Result<Map<string, Uint8Array>, string> {
  if (bytes.length < footerBytes) return err('it is shorter than its footer');
  const footer = new Reader(bytes.subarray(bytes.length - footerBytes));
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  if (view.getBigUint64(0, true) !== magic) return err('its last bytes are not those of a table');
  footer.varint();
  footer.varint();
  const index = readBlock(bytes, footer.varint(), footer.varint());
  if (!index.ok) return index;
  const entries = new Map<string, Uint8Array>();
  for (const [, handle] of index.value) {
    const place = new Reader(handle);
    const block = readBlock(bytes, place.varint(), place.varint());
    if (!block.ok) return block;
    for (const [key, value] of block.value) entries.set(key, value);
    if (entries.size > mostEntries) return err('it has more entries than any model has weights');
  }
  return ok(entries);
}

function readBlock(
  bytes: Uint8Array,
  offset: number,
  length: number,
): Result<[string, Uint8Array][], string> {
  const end = offset + length + trailerBytes;
  if (!Number.isSafeInteger(end) || offset < 0 || length < 4 || end > bytes.length)
    return err('a block of it lies beyond its end');
  const sealed = bytes.subarray(offset, offset + length + 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (maskedCrc32c(sealed) !== view.getUint32(offset + length + 1, true))
    return err('the checksum of a block does not match');
  if (bytes[offset + length] !== 0) return err('it is compressed, which TensorFlow does not write');
  const block = bytes.subarray(offset, offset + length);
  const restarts = view.getUint32(offset + length - 4, true);
  const entriesEnd = length - 4 - 4 * restarts;
  if (entriesEnd < 0) return err('a block of it is too short');
  const reader = new Reader(block.subarray(0, entriesEnd));
  const entries: [string, Uint8Array][] = [];
  let key = new Uint8Array();
  while (!reader.ended) {
    const [shared, unshared, size] = [reader.varint(), reader.varint(), reader.varint()];
    const rest = reader.take(unshared);
    const value = reader.take(size);
    if (rest === null || value === null || shared > key.length) return err('an entry of it is cut short');
    key = Uint8Array.from([...key.subarray(0, shared), ...rest]);
    entries.push([new TextDecoder().decode(key), value]);
    if (entries.length > mostEntries) return err('it has more entries than any model has weights');
  }
  return ok(entries);
}

/** Reads numbers of seven bits a byte; past the end they are not a number. */
class Reader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get ended(): boolean {
    return this.#at >= this.bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1; shift <= 2 ** 49; shift *= 128) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) return Number.NaN;
      this.#at += 1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  }

  take(length: number): Uint8Array | null {
    if (!Number.isSafeInteger(length) || this.#at + length > this.bytes.length) return null;
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
}
