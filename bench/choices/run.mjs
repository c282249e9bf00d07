/**
 * What some choices of training are worth, measured as validation accuracy over several seeds: the precision of cached
 * features, and augmentation of few images. Writes README.md beside this file.
 * Usage: node bench/choices/run.mjs IMAGES MODEL CUT [SEEDS]; CUT is the layer from which fine-tuning thaws.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { makeCache } from '../support.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const [images, model, cut, seedCount = '3'] = process.argv.slice(2);
if (cut === undefined) {
  console.error('Usage: node bench/choices/run.mjs IMAGES MODEL CUT [SEEDS]');
  process.exit(2);
}
const seeds = Array.from({ length: Number(seedCount) }, (_, seed) => seed);
const place = mkdtempSync(path.join(path.resolve(root, '..'), 'thaw-choices-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

const cache = makeCache(path.join(place, 'cache'));

/** The images as train/ and val/: of each class, in the order of names, so many for training and so many of the rest. */
function take(name, training, validation) {
  const out = path.join(place, name);
  if (existsSync(out)) return out;
  for (const entry of readdirSync(images, { withFileTypes: true }).filter((one) => one.isDirectory())) {
    const files = readdirSync(path.join(images, entry.name)).sort();
    const sides = { val: files.slice(0, validation), train: files.slice(validation).slice(0, training) };
    for (const [side, chosen] of Object.entries(sides)) {
      const folder = path.join(out, side, entry.name);
      mkdirSync(folder, { recursive: true });
      for (const file of chosen) linkSync(path.join(images, entry.name, file), path.join(folder, file));
    }
  }
  return out;
}

/** Best validation accuracies of a training with these options, a seed each. */
function accuracies(dataset, options) {
  return seeds.map((seed) => {
    const run = path.join(place, 'run');
    const args = ['train', dataset, '--out', run, '--backbone', model, '--preprocess', 'tf', '--seed', seed];
    const printed = execFileSync(
      process.execPath,
      [path.join(root, 'scripts', 'thaw.mjs'), ...args, '--json', ...options].map(String),
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, THAW_CACHE: cache },
        maxBuffer: 2 ** 28,
      },
    );
    rmSync(run, { recursive: true, force: true });
    const { best } = JSON.parse(printed);
    console.log(
      `${path.basename(dataset)} ${options.join(' ')} seed ${seed}: ${best.valAccuracy.toFixed(4)}`,
    );
    return best.valAccuracy;
  });
}

const head = ['--epochs', 20, '--early-stop', 0];
const rate = ['--fine-tune-learning-rate', 1e-4];
const fineTuned = [...head, '--thaw-from', cut, '--fine-tune-epochs', 15, ...rate];
const few = [
  [10, head, 'the head alone'],
  [30, head, 'the head alone'],
  [30, fineTuned, `fine-tuned from ${cut} after the head`],
];
const experiments = [
  {
    title: 'Cached features in half precision',
    about: 'the head alone, all images but 100 a class to validate on',
    dataset: () => take('many', Infinity, 100),
    choices: {
      '`--feature-precision float32`': [...head, '--feature-precision', 'float32'],
      '`--feature-precision float16`': [...head, '--feature-precision', 'float16'],
    },
  },
  ...few.map(([count, phases, how]) => ({
    title: `Augmentation, ${count} images a class`,
    about: `${how}, validated on 100 other images a class`,
    dataset: () => take(`few-${count}`, count, 100),
    choices: Object.fromEntries(
      ['none', 'light', 'strong'].map((augment) => [
        `\`--augment ${augment}\``,
        [...phases, '--augment', augment],
      ]),
    ),
  })),
];

const percent = (value) => `${(100 * value).toFixed(1)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const lines = [
  '# What choices are worth',
  '',
  `Best validation accuracy, ${seeds.length} seeds: mean, and from the lowest to the highest. Backbone`,
  `${path.basename(model)}; made by \`node bench/choices/run.mjs\`.`,
];
for (const { title, about, dataset, choices } of experiments) {
  const folder = dataset();
  const capital = about[0].toUpperCase() + about.slice(1);
  lines.push(
    '',
    `## ${title}`,
    '',
    `${capital}.`,
    '',
    '| choice | mean | lowest | highest |',
    '| --- | --- | --- | --- |',
  );
  for (const [name, options] of Object.entries(choices)) {
    const found = accuracies(folder, options);
    const cells = [mean(found), Math.min(...found), Math.max(...found)].map(percent);
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
}
lines.push('', `Machine: ${os.cpus()[0].model}, ${os.availableParallelism()} cores, ${os.type()}.`, '');
writeFileSync(path.join(here, 'README.md'), await format(lines.join('\n'), { parser: 'markdown' }));
