import type {
  Calibration,
  ClassMetrics,
  ConfusionCell,
  Evaluation,
  Mistake,
} from '../../../shared/domain/metrics.ts';
import { cellImageCount, mistakeCount } from '../../../shared/domain/metrics.ts';

/** Keeps the logarithm of a probability finite, as Keras's backend epsilon does. */
const smallestProbability = 1e-7;
const calibrationBins = 15;

/**
 * Metrics of a classifier on labelled images.
 * @param probabilities [images × classes], rows in the order of `labels`. @param labels indices of the true classes.
 * @param images names of the images, in the same order.
 * Precision, recall and F1 are scikit-learn's `precision_recall_fscore_support(zero_division=0)`, the loss is the mean
 * cross-entropy, the predicted class the most probable one (the first of equals).
 */
export function evaluatePredictions(
  probabilities: Float32Array,
  labels: readonly number[],
  classes: readonly string[],
  images: readonly string[],
): Evaluation {
  const size = classes.length;
  const confusion = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const outcomes: { confidence: number; correct: boolean }[] = [];
  const answers: Mistake[] = [];
  let lossSum = 0;
  for (const [row, label] of labels.entries()) {
    const values = probabilities.subarray(row * size, (row + 1) * size);
    const predicted = argMax(values);
    lossSum -= Math.log(Math.max(values[label] ?? 0, smallestProbability));
    const counts = confusion[label];
    if (counts) counts[predicted] = (counts[predicted] ?? 0) + 1;
    const confidence = values[predicted] ?? 0;
    outcomes.push({ confidence, correct: predicted === label });
    answers.push({
      image: images[row] ?? '',
      label: classes[label] ?? '',
      predicted: classes[predicted] ?? '',
      confidence,
    });
  }
  answers.sort((a, b) => b.confidence - a.confidence);
  const correct = outcomes.filter((outcome) => outcome.correct).length;
  return {
    images: labels.length,
    accuracy: correct / labels.length,
    loss: lossSum / labels.length,
    classes: classes.map((name, index) => classMetrics(name, index, confusion)),
    confusion,
    calibration: calibrate(outcomes),
    mistakes: answers.filter(({ label, predicted }) => label !== predicted).slice(0, mistakeCount),
    cells: cellsOf(answers, classes),
  };
}

/** @param answers the most confident first. */
function cellsOf(answers: readonly Mistake[], classes: readonly string[]): ConfusionCell[] {
  const byCell = new Map<string, { image: string; confidence: number }[]>();
  const key = (label: string, predicted: string): string => JSON.stringify([label, predicted]);
  for (const { label, predicted, image, confidence } of answers) {
    const own = byCell.get(key(label, predicted)) ?? [];
    if (own.length < cellImageCount) own.push({ image, confidence });
    byCell.set(key(label, predicted), own);
  }
  return classes.flatMap((label) =>
    classes.flatMap((predicted) => {
      const images = byCell.get(key(label, predicted));
      return images === undefined ? [] : [{ label, predicted, images }];
    }),
  );
}

/** Index of the largest value, the first of equals. */
export function argMax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1)
    if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}

function classMetrics(name: string, index: number, confusion: readonly (readonly number[])[]): ClassMetrics {
  const hits = confusion[index]?.[index] ?? 0;
  const support = sum(confusion[index] ?? []);
  const predicted = sum(confusion.map((row) => row[index] ?? 0));
  const precision = predicted === 0 ? 0 : hits / predicted;
  const recall = support === 0 ? 0 : hits / support;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { class: name, precision, recall, f1, support };
}

/** Bins (from, to] of equal width, as in Guo et al. 2017, section 2. */
function calibrate(outcomes: readonly { confidence: number; correct: boolean }[]): Calibration {
  const bins = Array.from({ length: calibrationBins }, (_, index) => ({
    from: index / calibrationBins,
    to: (index + 1) / calibrationBins,
    outcomes: [] as { confidence: number; correct: boolean }[],
  }));
  for (const outcome of outcomes) {
    const index = Math.ceil(outcome.confidence * calibrationBins) - 1;
    bins[Math.min(Math.max(index, 0), calibrationBins - 1)]?.outcomes.push(outcome);
  }
  const summarised = bins.map(({ from, to, outcomes: own }) => ({
    from,
    to,
    images: own.length,
    confidence: own.length === 0 ? 0 : sum(own.map(({ confidence }) => confidence)) / own.length,
    accuracy: own.length === 0 ? 0 : own.filter(({ correct }) => correct).length / own.length,
  }));
  const gaps = summarised.map((bin) => bin.images * Math.abs(bin.accuracy - bin.confidence));
  return { expectedCalibrationError: sum(gaps) / outcomes.length, bins: summarised };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
