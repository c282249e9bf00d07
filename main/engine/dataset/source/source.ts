import type { DatasetKind, Finding, SplitName } from '../../../../shared/domain/dataset.ts';
import type { Result } from '../../../../shared/result.ts';
import type { FileState } from './fileState.ts';

/** One thing a source lists: a file with its label, a class it names, or something worth saying. */
export type SourceEntry =
  | {
      readonly type: 'file';
      /** Inside the dataset, forward slashes, exactly as stored (not normalised). */
      readonly path: string;
      readonly label: string;
      readonly split: SplitName | null;
      /** The side the user put it on. */
      readonly pinned?: SplitName;
      /** How much it counts in training; 1 when not told. */
      readonly weight?: number;
    }
  | { readonly type: 'class'; readonly label: string; readonly path: string }
  | { readonly type: 'finding'; readonly finding: Finding };

/** Where labelled files come from. Reads only; never holds more than one file's content at a time. */
export interface DatasetSource {
  readonly kind: DatasetKind;
  /** Absolute path of the folder, zip, CSV or project. */
  readonly location: string;
  readonly name: string;
  /** Lists lazily: a consumer that stops early stops the listing. Throws the signal's reason when aborted. */
  list(signal: AbortSignal): AsyncIterable<SourceEntry>;
  /** A listed file's bytes. */
  read(path: string): Promise<Result<Uint8Array>>;
  /** The absolute file behind a path, where there is one, so that a worker can read it by itself. */
  fileOf?(path: string): Result<string>;
  /** The state a listed file is in, taken before it is read; null, or no such method, where none can be told. */
  stateOf?(path: string): Promise<FileState | null>;
  close(): Promise<void>;
}

/** Largest single file that is read: 512 MiB. */
export const maxFileBytes = 512 * 1024 * 1024;
