export interface ClassMetrics {
  readonly class: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** What `thaw evaluate --json` prints. Confusion rows are true classes, columns predictions. */
export interface Evaluation {
  readonly images: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly classes: readonly ClassMetrics[];
  readonly confusion: readonly (readonly number[])[];
  readonly calibration: Calibration;
  /** The most confident first; at most `mistakeCount`. */
  readonly mistakes: readonly Mistake[];
  /** The cells of the confusion matrix that have images, the diagonal's among them. */
  readonly cells: readonly ConfusionCell[];
}

/** Images of one cell of the confusion matrix. */
export interface ConfusionCell {
  readonly label: string;
  readonly predicted: string;
  /** The most confident first; at most `cellImageCount`. */
  readonly images: readonly { readonly image: string; readonly confidence: number }[];
}

/** How many images of a cell of the confusion matrix an evaluation names. */
export const cellImageCount = 100;

/** How many mistakes an evaluation names. */
export const mistakeCount = 200;

/** An image the model took for another class. */
export interface Mistake {
  /** Path inside the dataset. */
  readonly image: string;
  readonly label: string;
  readonly predicted: string;
  readonly confidence: number;
}

/** Expected calibration error over equal-width confidence bins (Guo et al. 2017, 1706.04599, eq. 3). */
export interface Calibration {
  readonly expectedCalibrationError: number;
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly images: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
}

export interface Prediction {
  readonly image: string;
  readonly label: string;
  readonly confidence: number;
  readonly probabilities: Readonly<Record<string, number>>;
}
