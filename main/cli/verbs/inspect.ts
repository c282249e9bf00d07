import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { DatasetReport } from '../../engine/dataset/index.ts';
import { findArchitecture, formatOf, listBackbones } from '../../engine/network/index.ts';
import type { LayerWeights } from '../../../shared/ipc/model/layers.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

/** `thaw inspect DATASET|MODEL`. */
export function inspectVerb(io: Io, end: (code: number) => void): Command {
  return verb('inspect', 'what is in a dataset, or in a model')
    .argument('<dataset|model>', 'dataset, model, run, or name of a backbone')
    .option('--layer <name>', 'the weights of a model’s layer in numbers')
    .action(async (what: string, options: CommonOptions & { readonly layer?: string }) => {
      if (options.layer !== undefined) {
        const job = { job: 'inspect-layer' as const, model: what, layer: options.layer };
        end(finish(io, options, await runJob<LayerWeights>(io, options, job), describeLayer));
      } else if (await isModel(what)) {
        const result = await runJob<ModelReport>(io, options, { job: 'inspect-model', model: what });
        end(finish(io, options, result, describeModel));
      } else {
        const result = await runJob<DatasetReport>(io, options, { job: 'inspect-dataset', dataset: what });
        end(finish(io, options, result, describeDataset));
      }
    });
}

const modelExtensions = /\.(json|h5|hdf5|keras|onnx|pb|tflite|pt|pth|safetensors)$/i;

async function isModel(what: string): Promise<boolean> {
  const isFile = (await stat(what).catch(() => null))?.isFile() === true;
  if (isFile && (await formatOf(what)).ok) return true;
  // What is wrong with such a file is best told by those who read models.
  if (modelExtensions.test(what)) return true;
  for (const file of [
    'model.json',
    'saved_model.pb',
    'thaw.json',
    path.join('model', 'thaw.json'),
    'run.json',
  ]) {
    const found = await stat(path.join(what, file)).catch(() => null);
    if (found !== null) return true;
  }
  if (!isFile && (await formatOf(what).then((found) => found.ok && found.value.format === 'onnx')))
    return true;
  if ((await listBackbones()).some(({ card }) => card.name === what)) return true;
  const exists = await stat(what).catch(() => null);
  return exists === null && findArchitecture(what) !== undefined;
}

function describeDataset(report: DatasetReport): string {
  const { split, size } = report;
  const lines = [
    `${report.dataset} (${report.kind}): ${report.images} usable images in ${report.classes.length} classes, ${(report.bytes / 1e6).toFixed(1)} MB.`,
    `Formats: ${Object.entries(report.formats)
      .map(([format, count]) => `${count} ${format}`)
      .join(', ')}.`,
  ];
  if (size !== null) {
    const pixels = ([width = 0, height = 0]: readonly number[]): string => `${width} × ${height}`;
    lines.push(`Sizes: ${pixels(size.smallest)} to ${pixels(size.largest)}, median ${pixels(size.median)}.`);
  }
  if (split === null) lines.push('It cannot be split into training and validation images as it is.');
  lines.push(
    '',
    table(
      ['class', 'images', 'train', 'validation', 'test'],
      report.classes.map((one) => [one.class, one.images, one.train, one.validation, one.test]),
    ),
  );
  if (report.findings.length === 0) return [...lines, '', 'Nothing wrong was found.'].join('\n');
  lines.push('', 'Findings:');
  for (const { severity, message, paths, excluded } of report.findings) {
    lines.push(`  ${severity}: ${message}${excluded ? ' (not used)' : ''}`);
    for (const one of paths.slice(0, shownPaths)) if (!message.includes(one)) lines.push(`      ${one}`);
    if (paths.length > shownPaths) lines.push(`      and ${paths.length - shownPaths} more`);
  }
  return lines.join('\n');
}

const shownPaths = 5;

function describeModel(report: ModelReport): string {
  const scaling =
    report.preprocess === null ? 'pixel scaling not known' : `pixels scaled "${report.preprocess}"`;
  const head = `${report.name}: input [${report.inputShape.join(', ')}], ${(report.parameters ?? 0).toLocaleString('en')} parameters, ${scaling}.`;
  if (report.graph !== null) return [head, ...describeGraph(report, report.graph)].join('\n');
  return [
    head,
    '',
    table(
      ['layer', 'type', 'block', 'output', 'parameters'],
      report.layers.map((one) => [
        one.name,
        one.type,
        one.block,
        `[${one.outputShape.join(', ')}]`,
        one.parameters,
      ]),
    ),
    '',
    'Freeze boundaries (--thaw-from takes a block or a layer):',
    table(
      ['block', 'first layer', 'trainable', 'frozen'],
      report.boundaries.map((one) => [one.block, one.thawFrom, one.trainable, one.frozen]),
    ),
  ].join('\n');
}

function describeLayer({ model, layer, type, sharedWith, weights }: LayerWeights): string {
  const head = `${model}: ${layer}, ${type}${sharedWith === null ? '' : `, with the weights of ${sharedWith}`}.`;
  if (weights.length === 0) return `${head}\nIt has no weights.`;
  const short = (value: number): string => value.toPrecision(4);
  return [
    head,
    '',
    table(
      ['weight', 'shape', 'least', 'greatest', 'mean', 'deviation', 'zeros', 'not finite'],
      weights.map((one) => [
        one.name,
        `[${one.shape.join(', ')}]`,
        ...[one.min, one.max, one.mean, one.std].map(short),
        one.zeros,
        one.notFinite,
      ]),
    ),
  ].join('\n');
}

function describeGraph(
  { outputShape, preprocess }: ModelReport,
  { format, operations, features, anySize, usualPreprocess }: NonNullable<ModelReport['graph']>,
): string[] {
  const length = outputShape?.[0];
  const many = length === undefined ? '' : `, ${length.toLocaleString('en')} values`;
  return [
    `${format}, ${operations.toLocaleString('en')} operations: it serves as a backbone that stays frozen.`,
    `Features: ${features}${many}. \`thaw features --layer NAME\` gives another value.`,
    ...(anySize ? ['It takes images of any size: --image-size names one.'] : []),
    ...(preprocess === null ? [`Unless --preprocess names another, "${usualPreprocess}" is assumed.`] : []),
  ];
}
