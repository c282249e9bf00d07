import type { Result } from '../../../../../shared/result.ts';
import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import type { Hdf5Dataset, Hdf5Node } from '../../hdf5/protocol.ts';

/** One variable in a Keras weights file. */
export interface StoredWeight {
  /** As the file spells it: `conv1/kernel:0`, or its number within the layer. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Its place among all weights of the file. */
  readonly place: number;
  /** Its values, row-major. Errors: input-corrupt. */
  read(): Promise<Result<Float32Array>>;
}

/** One layer in a Keras weights file, its variables in Keras's order. */
export interface StoredLayer {
  /** The layer's name; null where the file does not tell it (`.weights.h5` before Keras 3.9). */
  readonly name: string | null;
  /** Where it is in the file: `conv1`, or `layers/conv2d_3`. */
  readonly path: string;
  readonly weights: readonly StoredWeight[];
}

/** The weights of a Keras file, read when asked for. */
export interface KerasWeights {
  /** What to call the file in errors. */
  readonly source: string;
  /** `legacy`: groups by layer name (Keras 1, 2 and 3's `.h5`). `store`: numbered classes (`.weights.h5`, `.keras`). */
  readonly layout: 'legacy' | 'store';
  readonly layers: readonly StoredLayer[];
  /** The model's configuration as JSON text, if the file is a whole legacy model. */
  readonly modelConfig: string | null;
  close(): Promise<void>;
}

export function storedWeight(
  file: Hdf5File,
  name: string,
  path: string,
  dataset: Hdf5Dataset,
  place: number,
): StoredWeight {
  return { name, shape: dataset.shape, place, read: () => file.read(path) };
}

export function isNumericDataset(node: Hdf5Node | undefined): node is Hdf5Dataset {
  return node?.kind === 'dataset' && node.numeric;
}
