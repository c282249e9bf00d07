import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../network/index.ts';
import { judgeMissing, runJudge } from '../testing/judge.ts';
import { balancedClassWeights } from '../training/classWeights.ts';
import { scoreLogits } from '../training/scoreLogits.ts';
import { evaluatePredictions } from './evaluate.ts';

const classes = ['ant', 'bee', 'cat', 'never predicted'];

/** Logits that favour the true class now and then, and never the last one. */
function draw(count: number) {
  const random = createRandom(11, 'metrics');
  const labels = Array.from({ length: count }, () => Math.floor(random.uniform(0, 3.3)));
  const logits = labels.map((label) =>
    classes.map((_, index) => random.normal() + (index === label ? 1 : 0) - (index === 3 ? 9 : 0)),
  );
  const probabilities = logits.map((row) => {
    const powers = row.map(Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  return { labels, logits, probabilities };
}

describe.skipIf(judgeMissing !== null)(`metrics against scikit-learn ${judgeMissing ?? ''}`, () => {
  it('agree on accuracy, loss, precision, recall, F1, confusion and balanced weights', async () => {
    const { labels, logits, probabilities } = draw(200);
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'thaw-metrics-')), 'case.json');
    await writeFile(file, JSON.stringify({ labels, probabilities }));
    const truth = JSON.parse(await runJudge('metrics.py', [file])) as Record<
      string,
      number[] & number[][] & number
    >;
    const ours = evaluatePredictions(
      Float32Array.from(probabilities.flat()),
      labels,
      classes,
      labels.map((_, index) => `${index}.png`),
    );
    expect(ours.mistakes).toHaveLength(Math.round((1 - ours.accuracy) * labels.length));
    const [worst] = ours.mistakes;
    const row = Number.parseInt(worst!.image);
    expect(classes[labels[row]!]).toBe(worst!.label);
    expect(Math.max(...probabilities[row]!)).toBeCloseTo(worst!.confidence, 6);
    expect(ours.accuracy).toBeCloseTo(truth['accuracy']!, 12);
    expect(ours.loss).toBeCloseTo(truth['loss']!, 5);
    expect(ours.confusion).toEqual(truth['confusion']);
    for (const [index, one] of ours.classes.entries()) {
      expect(one.precision).toBeCloseTo(truth['precision']![index]!, 12);
      expect(one.recall).toBeCloseTo(truth['recall']![index]!, 12);
      expect(one.f1).toBeCloseTo(truth['f1']![index]!, 12);
      expect(one.support).toBe(truth['support']![index]);
    }
    // Every image is in the cell of its row and column, and nowhere else.
    const named = ours.cells.flatMap(({ label, predicted, images }) => {
      expect(images.length).toBe(
        Math.min(100, ours.confusion[classes.indexOf(label)]![classes.indexOf(predicted)]!),
      );
      return images.map(({ image }) => {
        expect(classes[labels[Number.parseInt(image)]!]).toBe(label);
        return image;
      });
    });
    expect(new Set(named).size).toBe(labels.length);
    const score = scoreLogits(Float32Array.from(logits.flat()), Int32Array.from(labels), classes.length);
    expect(score.lossSum / labels.length).toBeCloseTo(truth['loss']!, 5);
    expect(score.correct / labels.length).toBeCloseTo(truth['accuracy']!, 12);
    const present = balancedClassWeights(labels, classes.length).filter((_, index) => labels.includes(index));
    for (const [index, weight] of present.entries())
      expect(weight).toBeCloseTo(truth['balanced']![index]!, 12);
  });
});

describe('calibration', () => {
  it('is the gap between confidence and accuracy, weighted by how many images it is about', () => {
    // Two images at confidence 0.9, one right: gap 0.4. Two at 0.6, both right: gap 0.4. (Guo et al., equation 3.)
    const probabilities = Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.6, 0.4, 0.6, 0.4);
    const { calibration } = evaluatePredictions(
      probabilities,
      [0, 1, 0, 0],
      ['a', 'b'],
      ['1', '2', '3', '4'],
    );
    expect(calibration.expectedCalibrationError).toBeCloseTo(0.4, 6);
    expect(calibration.bins.reduce((sum, bin) => sum + bin.images, 0)).toBe(4);
  });
});
