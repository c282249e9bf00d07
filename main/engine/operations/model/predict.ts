import type { Prediction } from '../../../../shared/domain/metrics.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { createDecoder } from '../../dataset/index.ts';
import { argMax } from '../../insight/evaluate.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { Reading } from '../../jobs/operations.ts';
import { openPredictor } from './predictor.ts';

/** Classifies image files one by one, with a run's model, an export of it, or a classifier made
 * elsewhere. Errors: those of the model and of the first image that cannot be read. */
export async function predict(
  location: string,
  images: readonly string[],
  context: JobContext,
  reading: Reading = {},
): Promise<Result<Prediction[]>> {
  const classifier = await openPredictor(location, context, reading);
  if (!classifier.ok) return classifier;
  for (const message of classifier.value.notices ?? [])
    context.emit({ type: 'log', level: 'warning', message });
  const { classes } = classifier.value;
  const decoder = createDecoder();
  try {
    const predictions: Prediction[] = [];
    for (const image of images) {
      await context.gate();
      if (context.signal.aborted) throw new ThawFailure(thawError('cancelled', 'The job was cancelled.'));
      const pixels = await decoder.decodeFile(image, classifier.value.target);
      if (!pixels.ok) return pixels;
      const values = await classifier.value.run(pixels.value, 1);
      predictions.push(predictionOf(image, values, classes));
      context.emit({ type: 'progress', what: 'predicting', done: predictions.length, total: images.length });
    }
    return ok(predictions);
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    await decoder.close();
    await classifier.value.dispose();
  }
}

/** A prediction from the classifier's values, in the order of the classes. */
export function predictionOf(image: string, values: Float32Array, classes: readonly string[]): Prediction {
  const best = argMax(values);
  return {
    image,
    label: classes[best] ?? '',
    confidence: values[best] ?? 0,
    probabilities: Object.fromEntries(classes.map((name, index) => [name, values[index] ?? 0])),
  };
}
