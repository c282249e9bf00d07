import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import type { BackboneCard } from '../catalogue/card.ts';
import type { Weights } from '../weights/weights.ts';

/** A network whose layers are known one by one, so that any of them can be thawed. */
export interface ImportedLayers {
  readonly kind: 'layers';
  /** The file or folder it came from. */
  readonly location: string;
  readonly network: Network;
  readonly weights: Weights;
  readonly card: BackboneCard | null;
  /** Names of what its outputs stand for, where the file tells. */
  readonly classes: readonly string[] | null;
  /** Null when neither a card nor the architecture tells. */
  readonly preprocess: Preprocess | null;
  readonly weightsHash: string;
  /** What the import left out or assumed, for the user. */
  readonly notices: readonly string[];
}
