/** What the thread that reads HDF5 is asked and answers. */

/** Where the bytes of an HDF5 file are: a stretch of a file on disk (an entry of an archive, stored), or in memory. */
export type Hdf5Source =
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export type Hdf5Value = string | number | readonly string[] | readonly number[] | null;

export interface Hdf5Dataset {
  readonly kind: 'dataset';
  readonly shape: readonly number[];
  /** Whether its values can be read as numbers. */
  readonly numeric: boolean;
  readonly attributes: Readonly<Record<string, Hdf5Value>>;
}

export interface Hdf5Group {
  readonly kind: 'group';
  readonly children: ReadonlyMap<string, Hdf5Node>;
  /** Attributes of other types than text and numbers are null. */
  readonly attributes: Readonly<Record<string, Hdf5Value>>;
}

export type Hdf5Node = Hdf5Group | Hdf5Dataset;

export type Hdf5Request =
  | { readonly type: 'open'; readonly id: number; readonly source: Hdf5Source }
  | { readonly type: 'read'; readonly id: number; readonly path: string };

export type Hdf5Reply =
  | { readonly type: 'opened'; readonly id: number; readonly root: Hdf5Group }
  | { readonly type: 'values'; readonly id: number; readonly values: Float32Array }
  /** `refused`: the file asks for more than it may; otherwise it could not be read. */
  | { readonly type: 'failed'; readonly id: number; readonly refused: boolean; readonly message: string };
