import type { ResizePolicy } from '../../../shared/domain/dataset.ts';
import type { ExportFormat, ExportOptions, ExportResult } from '../../../shared/domain/export.ts';
import type { Result } from '../../../shared/result.ts';
import type { JobContext } from '../jobs/context.ts';
import type { StoredModel } from '../project/modelFolder.ts';
import type { RunFile, SplitFile } from '../project/run/runFolder.ts';
import type { BackboneCard, Weights } from '../network/index.ts';
import type { Network } from '../../../shared/domain/network.ts';
import type { Phase } from '../training/phases.ts';
import type { TrainResult } from '../../../shared/domain/run.ts';

/** One image at the model's input size. */
export interface Sample {
  /** [height, width, 3], RGB. */
  readonly pixels: Uint8Array;
  /** Path in the dataset; null for a made-up image. */
  readonly source: string | null;
  readonly label: string | null;
}

/** Where a run began. */
export interface Beginning {
  readonly network: Network;
  readonly weights: Weights;
  readonly phases: readonly Phase[];
  readonly split: SplitFile;
}

/** What is exported: the trained model and where it came from. */
export interface Subject {
  readonly model: StoredModel;
  /** The run's settings and fingerprints; null for a model folder without its run. */
  readonly run: RunFile | null;
  readonly result: TrainResult | null;
  /** The backbone's card, where there is one. */
  readonly card: BackboneCard | null;
  /** Validation images: the first ones are the golden images. */
  readonly samples: readonly Sample[];
  readonly goldenImages: number;
  /** The network as training began, and how it went on. Errors: those of opening the backbone again. */
  beginning(): Promise<Result<Beginning>>;
  /** Training images for measuring the ranges of values, decoded when asked for. */
  calibration(): Promise<Result<readonly Sample[]>>;
}

/** What an exporter wrote, beyond its files. */
export interface Written {
  readonly notices: readonly string[];
  readonly accuracy: ExportResult['accuracy'];
  /** Facts worth keeping in thaw.json, e.g. the ONNX operator set. */
  readonly facts: Readonly<Record<string, string>>;
}

/** A written model, running in a runtime of its format. */
export interface OpenedExport {
  /** With its version, e.g. "onnxruntime 1.30.0". */
  readonly runtime: string;
  /** [count × classes] probabilities for [count, height, width, 3] pixels of 0–255. */
  run(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface ExampleFile {
  readonly path: string;
  readonly text: string;
}

/** What an example needs to know. */
export interface ExampleFacts {
  readonly classes: readonly string[];
  readonly imageSize: number;
  readonly resize: ResizePolicy;
  /** Largest difference from the golden values that is as it should be. */
  readonly tolerance: number;
}

/** One format. */
export interface Exporter {
  readonly format: ExportFormat;
  /** Writes the model's own files into an empty folder. Rejects with the disk's error. */
  write(
    subject: Subject,
    options: ExportOptions,
    folder: string,
    context: JobContext,
  ): Promise<Result<Written>>;
  /** Opens what `write` wrote; null where no runtime of the format is inside Thaw. */
  readonly open: ((folder: string, imageSize: number) => Promise<Result<OpenedExport>>) | null;
  /** The example that reproduces the golden values, first the one to be shown; then further files. */
  examples(facts: ExampleFacts): Promise<readonly ExampleFile[]> | readonly ExampleFile[];
}

export const nothingMore: Written = { notices: [], accuracy: null, facts: {} };
