import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { ExportOptions, ExportResult, GoldenRow } from '../../../shared/domain/export.ts';
import { factsOf } from '../../../shared/domain/export.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { JobContext } from '../jobs/context.ts';
import { packageRoot } from '../runtime/packageRoot.ts';
import type { ExportFile } from './common/exportFile.ts';
import { filesOf, hashesOf } from './common/exportFile.ts';
import { writeGolden } from './common/golden.ts';
import { modelCard } from './common/modelCard.ts';
import type { ExportPlace } from './common/place.ts';
import type { Comparison } from './common/verify.ts';
import { agrees, compare, toleranceOf } from './common/verify.ts';
import { cardExtras, languageOf } from './examples/cardExtras.ts';
import type { Exporter, Subject, Written } from './exporter.ts';

/** What the studio says of the samples: [samples × classes]. */
export type StudioAnswers = Float32Array;

/**
 * Writes one format into a place, checks it against the studio's answers and puts it where it belongs. Whatever goes
 * wrong before that leaves nothing in the target; an export that disagrees is kept aside for whoever wants to see why.
 * Errors: engine-unsupported (a layer without a form there, or a disagreement), cancelled. Rejects with the disk's error.
 */
export async function writeExport(
  exporter: Exporter,
  subject: Subject,
  studio: StudioAnswers,
  options: ExportOptions,
  directory: string,
  place: ExportPlace,
  context: JobContext,
): Promise<Result<ExportResult>> {
  const step = (done: number): void => {
    context.emit({ type: 'progress', what: `exporting ${exporter.format}`, done, total: 3 });
  };
  step(0);
  const folder = place.partial;
  const written = await exporter.write(subject, options, folder, context);
  if (!written.ok) return written;
  const modelBytes = (await filesOf(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
  step(1);
  if (context.signal.aborted) return err(thawError('cancelled', 'The export was cancelled.'));
  const checked = await verify(exporter, subject, studio, options, folder);
  if (!checked.ok) return checked;
  step(2);
  const golden = goldenRows(subject, studio, checked.value.values);
  const parts = { exporter, subject, options, written: written.value, studio, folder };
  const { file, snippet } = await writeSurroundings(parts, checked.value.verified);
  if (context.signal.aborted) return err(thawError('cancelled', 'The export was cancelled.'));
  const { comparison } = checked.value;
  if (comparison !== null && !agrees(comparison, options.weights))
    return err(await disagreement(exporter, comparison, options, place));
  const files = (await filesOf(folder)).map(({ name }) => name);
  await place.finish();
  step(3);
  return ok({
    format: exporter.format,
    ...options,
    directory,
    files,
    modelBytes,
    classes: file.classes,
    verified: file.verified,
    accuracy: file.accuracy,
    golden,
    snippet,
    notices: file.notices,
  });
}

interface Checked {
  readonly verified: ExportResult['verified'];
  readonly comparison: Comparison | null;
  /** What the export gave; null where nothing could run it. */
  readonly values: Float32Array | null;
}

async function verify(
  exporter: Exporter,
  { samples, model }: Subject,
  studio: StudioAnswers,
  options: ExportOptions,
  folder: string,
): Promise<Result<Checked>> {
  const tolerance = toleranceOf(options.weights);
  if (exporter.open === null) {
    const verified = { runtime: null, images: 0, maxAbsDifference: null, labelAgreement: null, tolerance };
    return ok({ verified, comparison: null, values: null });
  }
  const opened = await exporter.open(folder, model.info.imageSize);
  if (!opened.ok) return opened;
  const { classes } = model.info;
  const values = new Float32Array(studio.length);
  try {
    for (const [index, { pixels }] of samples.entries())
      values.set(await opened.value.run(pixels.slice(), 1), index * classes.length);
  } finally {
    await opened.value.dispose();
  }
  const comparison = compare(studio, values, classes.length);
  return ok({ verified: { runtime: opened.value.runtime, ...comparison, tolerance }, comparison, values });
}

function goldenRows(
  { samples, goldenImages, model }: Subject,
  studio: StudioAnswers,
  exported: Float32Array | null,
): GoldenRow[] {
  const { length } = model.info.classes;
  const row = (values: Float32Array, index: number): number[] => [
    ...values.subarray(index * length, (index + 1) * length),
  ];
  return samples.slice(0, goldenImages).map(({ source, label }, index) => ({
    image: `${index}.png`,
    source,
    label,
    probabilities: row(studio, index),
    exported: exported === null ? null : row(exported, index),
  }));
}

interface Parts {
  readonly exporter: Exporter;
  readonly subject: Subject;
  readonly options: ExportOptions;
  readonly written: Written;
  readonly studio: StudioAnswers;
  readonly folder: string;
}

/** labels.txt, golden/, the example, MODEL_CARD.md and, last, thaw.json with the hashes of all of them. */
async function writeSurroundings(
  { exporter, subject, options, written, studio, folder }: Parts,
  verified: ExportResult['verified'],
): Promise<{ file: ExportFile; snippet: ExportResult['snippet'] }> {
  const { info } = subject.model;
  const put = (name: string, text: string): Promise<void> => writeFileAtomic(path.join(folder, name), text);
  await put('labels.txt', info.classes.map((name) => `${name}\n`).join(''));
  const golden = subject.samples.slice(0, subject.goldenImages);
  const answers = studio.subarray(0, golden.length * info.classes.length);
  await writeGolden(folder, golden, answers, info.imageSize);
  const examples = await exporter.examples({
    classes: info.classes,
    imageSize: info.imageSize,
    resize: info.resize,
    tolerance: verified.tolerance ?? 0.15,
  });
  for (const example of examples) await put(example.path, example.text);
  const [first] = examples;
  if (first === undefined) throw new Error(`The ${exporter.format} export has no example`);
  const snippet = { language: languageOf(first.path), file: first.path, code: first.text };
  const file: ExportFile = {
    format: 'thaw-export',
    version: 1,
    export: { format: exporter.format, ...options, facts: { ...written.facts } },
    backbone: info.backbone,
    classes: [...info.classes],
    input: {
      name: 'image',
      dtype: 'float32',
      shape: [options.batch === 'one' ? 1 : null, info.imageSize, info.imageSize, 3],
      colour: 'RGB',
      range: [0, 255],
    },
    output: {
      name: 'probabilities',
      dtype: 'float32',
      shape: [options.batch === 'one' ? 1 : null, info.classes.length],
    },
    imageSize: info.imageSize,
    resize: info.resize,
    preprocess: info.preprocess,
    training: info.training,
    versions: { thaw: await thawVersion(), ...subject.run?.versions },
    verified,
    accuracy: written.accuracy,
    notices: [...written.notices],
    sha256: {},
  };
  const more = cardExtras(exporter.format, info);
  await put('MODEL_CARD.md', modelCard(subject, file, factsOf(exporter.format), snippet, more));
  const names = (await filesOf(folder)).map(({ name }) => name);
  const complete = { ...file, sha256: await hashesOf(folder, names) };
  await put('thaw.json', `${JSON.stringify(complete, null, 2)}\n`);
  return { file: complete, snippet };
}

async function disagreement(
  exporter: Exporter,
  comparison: Comparison,
  options: ExportOptions,
  place: ExportPlace,
) {
  const aside = await place.setAside();
  const tolerance = toleranceOf(options.weights);
  return thawError(
    'engine-unsupported',
    `The ${exporter.format} export does not give the studio’s answers.`,
    {
      expected:
        tolerance === null
          ? 'nearly always the same label'
          : `probabilities within ${tolerance} of the studio’s on every image`,
      found: `a largest difference of ${comparison.maxAbsDifference.toExponential(2)}, the same label on ${(comparison.labelAgreement * 100).toFixed(1)} % of ${comparison.images} images`,
      remedy: `Do not use it. The files are kept in ${aside}. ${options.weights === 'float32' ? 'Please report this.' : 'Export with --weights float32.'}`,
    },
  );
}

async function thawVersion(): Promise<string> {
  const text = await readFile(path.join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
