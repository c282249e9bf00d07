import path from 'node:path';
import type { ExportResult } from '../../../../shared/domain/export.ts';
import { factsOf } from '../../../../shared/domain/export.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { canHold } from '../../export/common/canHold.ts';
import { openPlace } from '../../export/common/place.ts';
import {
  chooseSamples,
  decodeSamples,
  madeUpSamples,
  mostCalibration,
  mostGolden,
  mostSamples,
} from '../../export/common/samples.ts';
import type { Beginning, Sample, Subject } from '../../export/exporter.ts';
import { exporterOf } from '../../export/exporters.ts';
import { writeExport } from '../../export/writeExport.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { ExportRequest } from '../../jobs/operations.ts';
import { resolveBackbone } from '../../network/index.ts';
import { writeError } from '../../project/fileErrors.ts';
import type { StoredModel } from '../../project/modelFolder.ts';
import { readModel } from '../../project/modelFolder.ts';
import { readResult, readRunFile, readSplit } from '../../project/run/runFolder.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import { planPhases } from '../../training/phases.ts';
import { openClassifier } from './classifier.ts';
import { openBackbone } from './openBackbone.ts';

/**
 * Writes a run's model in a format for use elsewhere, and checks that it gives the studio's answers.
 * Errors: usage for options the format does not have; output-exists, output-unwritable, disk-full; engine-unsupported
 * for a layer the format cannot hold or an export that disagrees; those of reading the run; cancelled.
 */
export async function exportRun(request: ExportRequest, context: JobContext): Promise<Result<ExportResult>> {
  const allowed = checkOptions(request);
  if (!allowed.ok) return allowed;
  const model = await readModel(request.run);
  if (!model.ok) return model;
  const held = canHold(model.value, request.format, request.options);
  if (!held.ok) return held;
  const directory = path.resolve(request.out);
  const place = await openPlace(directory, request.force);
  if (!place.ok) return place;
  let finished = false;
  try {
    const subject = await subjectOf(request.run, model.value, context);
    if (!subject.ok) return subject;
    const studio = await answersOf(subject.value, context);
    if (!studio.ok) return studio;
    const { options } = request;
    const written = await writeExport(
      exporterOf(request.format),
      subject.value,
      studio.value,
      options,
      directory,
      place.value,
      context,
    );
    finished = written.ok;
    return written;
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause)
      return err(writeError(cause, directory));
    throw cause;
  } finally {
    if (!finished) await place.value.abandon();
  }
}

function checkOptions({ format, options }: ExportRequest): Result<void> {
  const facts = factsOf(format);
  if (!facts.weights.includes(options.weights))
    return err(
      thawError('usage', `The ${format} format has no ${options.weights} weights.`, {
        expected: facts.weights.join(', '),
        found: options.weights,
      }),
    );
  if (options.batch === 'one' && !facts.fixedBatch)
    return err(thawError('usage', `A ${format} export takes any number of images; leave out --batch.`));
  return ok(undefined);
}

async function subjectOf(run: string, model: StoredModel, context: JobContext): Promise<Result<Subject>> {
  const file = await readRunFile(run);
  const settings = file.ok ? file.value.settings : null;
  const split = await readSplit(run);
  const result = await readResult(run);
  const backbone =
    settings === null ? null : await resolveBackbone(settings.backbone, { withoutWeights: true });
  const { imageSize, resize } = model.info;
  const target = { width: imageSize, height: imageSize, resize };
  const sides = split.ok ? split.value : null;
  const place = settings === null ? null : (settings.validation ?? settings.dataset);
  const images = chooseSamples(sides?.validation ?? [], mostSamples);
  const real = place === null ? null : await decodeSamples(place, images, target, context);
  if (real?.ok !== true) {
    const message =
      'The images this run was validated on are not there: the export is checked on made-up images.';
    context.emit({ type: 'log', level: 'warning', message });
  }
  const samples = real?.ok === true ? real.value : madeUpSamples(target, mostGolden);
  return ok({
    model,
    run: file.ok ? file.value : null,
    result: result.ok ? result.value : null,
    card: backbone?.ok === true ? backbone.value.card : null,
    samples,
    goldenImages: Math.min(mostGolden, samples.length),
    beginning: () => beginningOf(run),
    calibration: async (): Promise<Result<readonly Sample[]>> => {
      const training = chooseSamples(sides?.train ?? [], mostCalibration);
      if (settings === null || training.length === 0)
        return err(
          thawError('input-missing', 'Measuring ranges for whole-number arithmetic needs the run’s images.', {
            remedy: 'Export from the run itself, with its dataset in place, or with --weights int8.',
          }),
        );
      return decodeSamples(settings.dataset, training, target, context);
    },
  });
}

/** Opens the backbone as the run did, with the head it began with. */
async function beginningOf(run: string): Promise<Result<Beginning>> {
  const file = await readRunFile(run);
  if (!file.ok) return file;
  const { settings, dataset } = file.value;
  const split = await readSplit(run);
  if (!split.ok) return split;
  if (split.value === null)
    return err(thawError('input-missing', `${run} does not say which images it was trained on.`));
  const runtime = await loadTensorFlow();
  if (!runtime.ok) return runtime;
  const fresh = await openBackbone(settings, dataset.classes);
  if (!fresh.ok) return fresh;
  const { network, headLayers } = fresh.value;
  const weights = new Map(fresh.value.weights);
  if (settings.continueFrom !== null) {
    const earlier = await readModel(settings.continueFrom);
    if (!earlier.ok) return earlier;
    for (const [key, weight] of earlier.value.weights)
      if (weights.get(key)?.shape.join() === weight.shape.join()) weights.set(key, weight);
  }
  const phases = planPhases(network, headLayers, settings);
  return phases.ok ? ok({ network, weights, phases: phases.value, split: split.value }) : phases;
}

/** The studio's probabilities for the samples. */
async function answersOf({ model, samples }: Subject, context: JobContext): Promise<Result<Float32Array>> {
  // The same on every machine: a GPU rounds more coarsely than the check allows.
  const classifier = await openClassifier(model, { runtime: 'onnxruntime' });
  if (!classifier.ok) return classifier;
  const { length } = model.info.classes;
  const answers = new Float32Array(samples.length * length);
  try {
    for (const [index, { pixels }] of samples.entries()) {
      await context.gate();
      if (context.signal.aborted) return err(thawError('cancelled', 'The export was cancelled.'));
      answers.set(await classifier.value.run(pixels.slice(), 1), index * length);
    }
    return ok(answers);
  } finally {
    await classifier.value.dispose();
  }
}
