import type { ResizePolicy } from './dataset.ts';
import type { Preprocess } from './network.ts';

/** Everything that decides a run's result. Kept in the run's folder; the same settings give the same numbers. */
export interface TrainSettings {
  readonly dataset: string;
  readonly validation: string | null;
  readonly backbone: string;
  readonly weights: string | null;
  /** Starts from random weights instead of the backbone's, to measure what pretraining is worth. */
  readonly randomWeights: boolean;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** `backbone`: only the head trains in the first phase; `none`: every layer trains from the first epoch. */
  readonly freeze: 'backbone' | 'none';
  readonly thawFrom: string | null;
  readonly thaw: readonly string[];
  readonly fineTuneEpochs: number;
  readonly fineTuneLearningRate: number;
  readonly batchNorm: 'inference' | 'update';
  readonly imageSize: number | null;
  readonly resize: ResizePolicy;
  readonly preprocess: Preprocess | null;
  readonly validationSplit: number;
  /** Share of images that is neither trained nor validated on, where the dataset names no test split. */
  readonly testSplit: number;
  readonly seed: number;
  /** Epochs with neither a higher validation accuracy nor a lower validation loss after which a phase ends; 0: never. */
  readonly earlyStop: number;
  readonly classWeights: 'auto' | 'none';
  readonly headUnits: readonly number[];
  /** Of the head; null: the backbone's own dropout before its classifier, where it has one. */
  readonly dropout: number | null;
  /** A run whose best weights, head and backbone, this one starts from; null: the backbone's own and a new head. */
  readonly continueFrom: string | null;
  /** Random variations of the training images, see AugmentStrength. */
  readonly augment: AugmentStrength;
  /** Whether variations may be mirrored left to right. */
  readonly augmentFlip: boolean;
  /**
   * Variations of each image that are computed once and come round again; 0: a new one every epoch, which computes the
   * frozen layers anew each time.
   */
  readonly augmentViews: number;
  /** MixUp's and CutMix's alpha: images of a batch mixed with one another; 0: not. */
  readonly mixup: number;
  readonly cutmix: number;
  readonly optimizer: OptimizerName;
  /** Of `sgd`. */
  readonly momentum: number;
  /** Decoupled, without biases and normalisations; null: 0.004 (Keras's) for `adamw`, else none. */
  readonly weightDecay: number | null;
  readonly schedule: Schedule;
  /** Epochs, or parts of one, in which a phase's learning rate first rises from 0. */
  readonly warmupEpochs: number;
  /** Share of every target that is spread over all classes (1512.00567). */
  readonly labelSmoothing: number;
  /** Common norm that all gradients together are kept below; 0: none. */
  readonly clipNorm: number;
  /** Steps whose gradients make one update. */
  readonly accumulate: number;
  /** Momentum of a moving average of the weights that is evaluated and saved instead of them; 0: none. */
  readonly averageMomentum: number;
  /** L2-SP: how strongly thawed layers are pulled back to their pretrained weights (1802.01483); 0: not. */
  readonly l2sp: number;
  /** Factor of the learning rate from each thawed block to the one before it (1801.06146 uses 1 / 2.6); 1: none. */
  readonly rateDecay: number;
  /** Factors of the learning rate of layers or blocks, by glob. */
  readonly layerRates: Readonly<Record<string, number>>;
  /** Strengths of L2-SP of layers or blocks, by glob, in place of `l2sp`; where several match, the last one counts. */
  readonly layerL2sp: Readonly<Record<string, number>>;
  /** Steps in which fine-tuning thaws the named blocks, from the last one back (1801.06146); 0 or 1: all at once. */
  readonly gradualUnfreeze: number;
  /** How cached features are kept: float16 takes half the space. */
  readonly featurePrecision: FeaturePrecision;
  /** Phases that were decided on while the run was under way, in their order. */
  readonly laterPhases: readonly LaterPhase[];
}

/** A phase that takes the place of what was planned and not yet trained when it was decided on. */
export interface LaterPhase extends NextPhase {
  /** Epochs of the run before it. */
  readonly after: number;
}

/** What a run goes on with when its plan is changed. */
export interface NextPhase {
  /** Layers or blocks that train beside the head: from this one to the output, and by glob. None: the head alone. */
  readonly thawFrom: string | null;
  readonly thaw: readonly string[];
  readonly epochs: number;
  readonly learningRate: number;
  /** Factors of its own; absent: those of the run. */
  readonly layerRates?: Readonly<Record<string, number>>;
  readonly layerL2sp?: Readonly<Record<string, number>>;
}

export type OptimizerName = 'adam' | 'adamw' | 'sgd';

/** How the learning rate goes on within a phase. */
export type Schedule = 'constant' | 'cosine' | 'one-cycle' | 'plateau';

/** `light`: small crops, turns and colour changes; `strong`: larger ones, RandAugment and Cutout. */
export type AugmentStrength = 'none' | 'light' | 'strong';

export type FeaturePrecision = 'float32' | 'float16';

export const defaultTrainSettings = {
  validation: null,
  backbone: 'thaw-mobilenet-v2-035-128',
  weights: null,
  randomWeights: false,
  epochs: 20,
  batchSize: 32,
  learningRate: 3e-3,
  freeze: 'backbone',
  thawFrom: null,
  thaw: [],
  fineTuneEpochs: 0,
  fineTuneLearningRate: 1e-5,
  batchNorm: 'inference',
  imageSize: null,
  resize: 'squash',
  preprocess: null,
  validationSplit: 0.2,
  testSplit: 0,
  seed: 0,
  earlyStop: 5,
  classWeights: 'none',
  headUnits: [],
  dropout: null,
  continueFrom: null,
  augment: 'none',
  augmentFlip: true,
  augmentViews: 8,
  mixup: 0,
  cutmix: 0,
  optimizer: 'adam',
  momentum: 0.9,
  weightDecay: null,
  schedule: 'constant',
  warmupEpochs: 0,
  labelSmoothing: 0,
  clipNorm: 0,
  accumulate: 1,
  averageMomentum: 0,
  l2sp: 0,
  rateDecay: 1,
  layerRates: {},
  layerL2sp: {},
  gradualUnfreeze: 0,
  featurePrecision: 'float32',
  laterPhases: [],
} as const satisfies Omit<TrainSettings, 'dataset'>;

export type PhaseName = 'head' | 'fine-tune';

export interface EpochMetrics {
  /** From 1, counted over the whole run. */
  readonly epoch: number;
  readonly phase: PhaseName;
  /** From 1, counted over the whole run; runs of older versions do not tell. */
  readonly phaseNumber?: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly valLoss: number;
  readonly valAccuracy: number;
  readonly learningRate: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** What `thaw train --json` prints. Field names are part of the contract. */
export interface TrainResult {
  readonly run: string;
  readonly backbone: string;
  readonly classes: readonly string[];
  readonly images: { readonly train: number; readonly validation: number };
  readonly parameters: { readonly trainable: number; readonly frozen: number };
  readonly layers: { readonly trainable: number; readonly frozen: number };
  readonly cut: string;
  readonly epochs: readonly EpochMetrics[];
  readonly best: { readonly epoch: number; readonly valAccuracy: number };
  readonly seconds: {
    readonly scan: number;
    readonly features: number;
    readonly train: number;
    readonly total: number;
  };
  readonly runtime: { readonly trainer: string; readonly prefix: string; readonly device: string };
  readonly notices: readonly string[];
}
