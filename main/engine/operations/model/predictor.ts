import { stat } from 'node:fs/promises';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import { readExportFile } from '../../export/common/exportFile.ts';
import type { JobContext } from '../../jobs/context.ts';
import { warningsOf } from '../../jobs/context.ts';
import { isOwnModel, readModel } from '../../project/modelFolder.ts';
import type { FrozenOptions } from '../../training/features/frozen/openFrozenLayers.ts';
import type { Classifier } from './classifier.ts';
import { openClassifier } from './classifier.ts';
import type { Reading } from '../../jobs/operations.ts';
import { openClassifierFile, readClassifierFile } from '../classifierFile.ts';

/** A classifier that knows what its values are called. */
export interface Predictor extends Classifier {
  readonly classes: readonly string[];
  /** What was assumed in reading it, for the user. */
  readonly notices?: readonly string[];
}

/**
 * Opens a run, a model folder, an export whose format has a runtime inside Thaw, or a classifier made elsewhere, whose
 * classes are called by their numbers where nothing tells their names.
 * Errors: those of the model; engine-unsupported for an export that runs elsewhere only.
 */
export async function openPredictor(
  location: string,
  context: JobContext,
  reading: Reading = {},
): Promise<Result<Predictor>> {
  const options = { few: true, onNotice: warningsOf(context) };
  const file = await readExportFile(location);
  if (file !== null) return openExported(location, file);
  if (!(await isOwnModel(location)) && (await exists(location)))
    return openForeign(location, reading, options);
  const model = await readModel(location);
  if (!model.ok) return model;
  const classifier = await openClassifier(model.value, options);
  return classifier.ok ? ok({ ...classifier.value, classes: model.value.info.classes }) : classifier;
}

async function openForeign(
  location: string,
  reading: Reading,
  options: FrozenOptions,
): Promise<Result<Predictor>> {
  const file = await readClassifierFile(location, reading);
  if (!file.ok) return file;
  const classifier = await openClassifierFile(file.value, options);
  if (!classifier.ok) return classifier;
  const classes = file.value.classes ?? Array.from({ length: file.value.outputs }, (_, index) => `${index}`);
  return ok({ ...classifier.value, classes, notices: file.value.notices });
}

async function openExported(
  folder: string,
  file: NonNullable<Awaited<ReturnType<typeof readExportFile>>>,
): Promise<Result<Predictor>> {
  const { imageSize, resize, classes } = file;
  // Loaded when there is an export to open: what writes them takes a while to load.
  const { exporterOf } = await import('../../export/exporters.ts');
  const exporter = exporterOf(file.export.format);
  if (exporter.open === null)
    return err(
      thawError('engine-unsupported', `Thaw has no runtime for a ${file.export.format} export.`, {
        expected: 'an export as tfjs, tfjs-graph, savedmodel or onnx',
        remedy: `Run it in its own runtime: python verify.py IMAGE in ${folder}`,
      }),
    );
  const opened = await exporter.open(folder, imageSize);
  if (!opened.ok) return opened;
  const { run, dispose } = opened.value;
  const target = { width: imageSize, height: imageSize, resize };
  return ok({ target, classes, run: run.bind(opened.value), dispose: dispose.bind(opened.value) });
}

async function exists(location: string): Promise<boolean> {
  return stat(location).then(
    () => true,
    () => false,
  );
}
