import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Network, Preprocess } from '../../../shared/domain/network.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { DecodeTarget } from '../dataset/index.ts';
import type { ImportedLayers } from '../network/index.ts';
import { buildNetwork, choosePreprocess, endsInSoftmax, importNetwork, specsOf } from '../network/index.ts';
import type { FrozenOptions } from '../training/features/frozen/openFrozenLayers.ts';
import type { Prefix } from '../training/features/prefix.ts';
import { openPrefix } from '../training/features/prefix.ts';
import type { Reading } from '../jobs/operations.ts';
import type { Classifier } from './model/classifier.ts';
import type { GraphClassifier } from './model/graphClassifier.ts';
import { graphClassifier } from './model/graphClassifier.ts';

/** A whole classifier in a file of its own: a model that ends in as many values as there are classes. */
export interface ClassifierFile {
  readonly target: DecodeTarget;
  /** Number of its outputs. */
  readonly outputs: number;
  /** What they are called: as the model says, or labels.txt beside it; null when neither tells. */
  readonly classes: readonly string[] | null;
  readonly notices: readonly string[];
  /** Brings it into the runtime of its format. */
  open(options: FrozenOptions): Promise<Result<Pick<Prefix, 'run' | 'dispose'>>>;
}

/**
 * Reads a model made elsewhere, in any format, as a classifier.
 * Errors: those of importNetwork; engine-unsupported when it is no classifier; labels-differ when labels.txt names
 * another number of classes.
 */
export async function readClassifierFile(
  location: string,
  reading: Reading,
): Promise<Result<ClassifierFile>> {
  const imported = await importNetwork(location);
  if (!imported.ok) return imported;
  const { preprocess, notice } = choosePreprocess(reading.preprocess ?? null, imported.value, location);
  const notices = [...imported.value.notices, ...(notice === null ? [] : [notice])];
  const read =
    imported.value.kind === 'layers'
      ? layersClassifier(imported.value, preprocess)
      : await graphClassifier(imported.value, preprocess);
  if (!read.ok) return read;
  const { outputs, logits, open } = read.value;
  const name = path.basename(location);
  if (logits) notices.push(`${name} ends in logits; their softmax is taken as probabilities.`);
  const own = imported.value.kind === 'layers' ? imported.value.classes : null;
  const classes = own ?? (await labelsBeside(location));
  if (classes !== null && classes.length !== outputs)
    return err(
      thawError('labels-differ', `labels.txt beside ${name} does not fit the model.`, {
        expected: `${outputs} names, one a line`,
        found: `${classes.length}`,
      }),
    );
  const { inputShape } = imported.value.kind === 'layers' ? imported.value.network : imported.value;
  const [height, width] = inputShape;
  const target = { width, height, resize: reading.resize ?? 'squash' };
  return ok({ target, outputs, classes, notices, open });
}

/** Opens it in the runtime of its format. */
export async function openClassifierFile(
  file: ClassifierFile,
  options: FrozenOptions,
): Promise<Result<Classifier>> {
  const opened = await file.open(options);
  if (!opened.ok) return opened;
  const { run, dispose } = opened.value;
  return ok({ target: file.target, run: run.bind(opened.value), dispose: dispose.bind(opened.value) });
}

/** A network of layers, as frozen layers. */
function layersClassifier(imported: ImportedLayers, preprocess: Preprocess): Result<GraphClassifier> {
  const network = asClassifier(imported);
  if (!network.ok) return network;
  const { layers, output } = network.value;
  const [outputs = 0] = layers.at(-1)?.outputShape ?? [];
  return ok({
    outputs,
    logits: output === softmaxName,
    open: (options) =>
      openPrefix(network.value, imported.weights, { ...options, frontier: [output], preprocess }),
  });
}

const softmaxName = 'thaw_softmax';

/** A network that ends in logits gets the softmax its training had in the loss. */
function asClassifier({ network, location }: ImportedLayers): Result<Network> {
  const last = network.layers.at(-1);
  const shape = last?.outputShape ?? [];
  const name = path.basename(location);
  if (last === undefined || shape.length !== 1 || (shape[0] ?? 0) < 2)
    return err(
      thawError('engine-unsupported', `${name} is no classifier.`, {
        expected: 'a model that gives two values or more, one for each class',
        found: `an output of [${shape.join(', ')}]`,
        remedy: 'Use it as a backbone: thaw train DATASET --backbone FILE --out RUN.',
      }),
    );
  if (endsInSoftmax(network)) return ok(network);
  const activation = last.config['activation'] ?? 'linear';
  if (last.className !== 'Dense' || activation !== 'linear')
    return err(
      thawError('engine-unsupported', `${name} does not give one probability for each class.`, {
        expected: 'a softmax at its end, or the logits for one',
        found: `${last.className} with activation ${JSON.stringify(activation)}`,
      }),
    );
  const config = { name: softmaxName, axis: -1 };
  return buildNetwork(
    network.name,
    [...specsOf(network), { name: softmaxName, className: 'Softmax', config, inputs: [network.output] }],
    softmaxName,
  );
}

const mostLabelBytes = 1_000_000;

/** The lines of labels.txt in the model's folder, or beside the model's file. */
async function labelsBeside(location: string): Promise<string[] | null> {
  const found = await stat(location).catch(() => null);
  const folder = found?.isDirectory() === true ? location : path.dirname(location);
  const text = await readFile(path.join(folder, 'labels.txt'), 'utf8').catch(() => null);
  if (text === null || text.length > mostLabelBytes) return null;
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
