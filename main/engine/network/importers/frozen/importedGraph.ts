import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { OnnxModel } from '../../onnx/messages.ts';
import type { BackboneCard } from '../../catalogue/card.ts';
import type { ModelFiles } from '../files/modelFiles.ts';
import type { OnnxImage } from '../onnx/imageInput.ts';
import type { FrozenNode } from '../savedmodel/graph/freeze.ts';

/** What runs a graph, and what it needs to. */
export type GraphProgram =
  | {
      readonly format: 'GraphModel';
      /** Name of the placeholder that takes the image. */
      readonly input: string;
    }
  | { readonly format: 'ONNX'; readonly model: OnnxModel; readonly input: OnnxImage }
  | {
      readonly format: 'SavedModel';
      /** Its graph without functions and variables. */
      readonly nodes: readonly FrozenNode[];
      readonly input: { readonly name: string; readonly type: 'float32' | 'float16' | 'uint8' };
    };

/** The format, as people call it. */
export type GraphFormat = GraphProgram['format'];

/** How a graph is spoken of, in the middle of a sentence. */
export function spokenFormat(format: GraphFormat): string {
  return format === 'ONNX' ? 'an ONNX model' : `a ${format}`;
}

/**
 * A model of operations instead of layers, so that nothing of it can be thawed: a TensorFlow.js GraphModel, an ONNX model
 * or a SavedModel. It serves as a frozen backbone.
 */
export interface ImportedGraph {
  readonly kind: 'graph';
  readonly program: GraphProgram;
  /** The file that was read: the model.json, the .onnx. */
  readonly location: string;
  readonly name: string;
  readonly card: BackboneCard | null;
  /** [height, width, channels]. */
  readonly inputShape: readonly [number, number, number];
  /** Whether it takes images of any size, so that `inputShape` is only what is usual. */
  readonly anySize: boolean;
  readonly outputs: readonly string[];
  /** The value that serves as features: what the classifier reads, else the output. */
  readonly featureOutput: string;
  readonly operations: number;
  readonly parameters: number;
  /** Null when the file does not tell. */
  readonly preprocess: Preprocess | null;
  /** What is assumed when neither the file nor the user tells. */
  readonly usualPreprocess: Preprocess;
  readonly weightsHash: string;
  /** What it is made of: a run keeps a copy. */
  readonly files: { readonly from: ModelFiles; readonly names: readonly string[] };
  /** What the import left out or assumed, for the user. */
  readonly notices: readonly string[];
}
