import { File, ready } from 'h5wasm';
import type { WeightArray } from '../../network/index.ts';

/** A group of an HDF5 file that is being written. */
export interface Hdf5Group {
  attribute(name: string, value: string | readonly string[]): void;
  /** A group below, made when it is first asked for; `a/b` are two. */
  group(path: string): Hdf5Group;
  dataset(name: string, value: WeightArray): void;
}

let files = 0;

/** Writes an HDF5 file in memory and returns its bytes. Strings are UTF-8 of variable length, numbers float32. */
export async function hdf5Bytes(fill: (root: Hdf5Group) => void): Promise<Uint8Array> {
  const { FS } = await ready;
  const name = `/export-${(files += 1)}.h5`;
  const file = new File(name, 'w');
  try {
    fill(groupIn(file));
    file.flush();
  } finally {
    file.close();
  }
  try {
    return FS.readFile(name) as Uint8Array;
  } finally {
    FS.unlink(name);
  }
}

function groupIn(group: Pick<File, 'create_attribute' | 'create_group' | 'create_dataset'>): Hdf5Group {
  const below = new Map<string, Hdf5Group>();
  return {
    attribute(name, value) {
      if (typeof value === 'string') group.create_attribute(name, value);
      // An empty list has no element to tell its type by; Keras's own files hold an empty array of numbers there.
      else if (value.length === 0) group.create_attribute(name, new Float64Array(0), [0], '<d');
      else group.create_attribute(name, [...value], [value.length], 'S');
    },
    group(path) {
      const [name = '', ...rest] = path.split('/');
      const made = below.get(name) ?? groupIn(group.create_group(name));
      below.set(name, made);
      return rest.length === 0 ? made : made.group(rest.join('/'));
    },
    dataset(name, { shape, data }) {
      group.create_dataset({ name, data, shape: [...shape], dtype: '<f' });
    },
  };
}
