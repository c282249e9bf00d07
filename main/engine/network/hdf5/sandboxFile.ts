import { closeSync, openSync, readSync } from 'node:fs';
import { ready } from 'h5wasm';
import type { Hdf5Source } from './protocol.ts';

/** The one name the HDF5 library can open. */
export const sandboxName = '/model.h5';

interface Stream {
  position: number;
}

/** The part of Emscripten's in-memory file system that a read-only file needs. */
interface FileNode {
  usedBytes: number;
  stream_ops: object;
}
interface SandboxFileSystem {
  writeFile(path: string, bytes: Uint8Array): void;
  lookupPath(path: string): { node: FileNode };
}

/**
 * Shows the source to the HDF5 library as a file of its in-memory file system, read from disk piece by piece. The
 * library sees nothing else of the disk, so that links to other files lead nowhere.
 */
export async function mountSource(source: Hdf5Source): Promise<{ size: number; close: () => void }> {
  const fileSystem = (await ready).FS as unknown as SandboxFileSystem;
  fileSystem.writeFile(sandboxName, new Uint8Array(0));
  const { node } = fileSystem.lookupPath(sandboxName);
  const opened = source.kind === 'bytes' ? fromBytes(source.bytes) : fromFile(source);
  Object.defineProperty(node, 'usedBytes', { get: () => opened.size, set: () => undefined });
  node.stream_ops = {
    ...node.stream_ops,
    read(_: Stream, into: Int8Array, at: number, length: number, position: number): number {
      const wanted = Math.min(length, opened.size - position);
      return wanted <= 0 ? 0 : opened.read(into, at, wanted, position);
    },
  };
  return opened;
}

type ReadAt = (into: Int8Array, at: number, length: number, position: number) => number;

function fromBytes(bytes: Uint8Array): { size: number; read: ReadAt; close: () => void } {
  const read: ReadAt = (into, at, length, position) => {
    into.set(bytes.subarray(position, position + length), at);
    return length;
  };
  return { size: bytes.length, read, close: () => undefined };
}

function fromFile(source: Extract<Hdf5Source, { kind: 'file' }>): {
  size: number;
  read: ReadAt;
  close: () => void;
} {
  const descriptor = openSync(source.path, 'r');
  const read: ReadAt = (into, at, length, position) =>
    readSync(descriptor, into, at, length, source.offset + position);
  return {
    size: source.length,
    read,
    close: () => {
      closeSync(descriptor);
    },
  };
}
