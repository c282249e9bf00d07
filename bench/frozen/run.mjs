/**
 * Features of real images from one pretrained network in several formats, against Keras's. Usage: node bench/frozen/run.mjs
 * [MODEL.h5] [IMAGE…]; prints the rows of results.md. tf2onnx is put beside the judges, with pip.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureJudgeVenv, judgesFolder } from '../../scripts/judges/venv.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const shared = path.resolve(root, '..', 'shared', 'data');
const missing = await ensureJudgeVenv();
if (missing !== null) throw new Error(missing);
const python = path.join(judgesFolder(), 'venv', 'bin', 'python');
const converter = judgesFolder('judges-tf2onnx');
if (!existsSync(converter))
  execFileSync(python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', converter, 'tf2onnx==1.17.0']);

const model = process.argv[2] ?? path.join(shared, 'weights', 'thaw_mobilenet_v2_035_128', 'model.h5');
const images =
  process.argv.length > 3 ? process.argv.slice(3) : imagesIn(path.join(shared, 'imagenet_samples'), 16);
const out = mkdtempSync(path.join(os.tmpdir(), 'thaw-frozen-'));
try {
  const printed = execFileSync(python, [path.join(here, 'prepare.py'), model, out, ...images], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PYTHONPATH: converter, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
    maxBuffer: 2 ** 28,
  });
  const keras = JSON.parse(printed.trim().split('\n').at(-1));
  console.log('| model | used as | images | values an image | largest difference, of the largest value |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const [title, file] of Object.entries(keras.models)) {
    const place = path.join(out, file);
    const { kind, graph } = thaw(['inspect', place]);
    const rows = thaw(['features', place, ...keras.images, '--preprocess', 'tf']);
    const given = rows.map(({ features }) => features);
    const used = kind === 'layers' ? 'layers' : `a frozen ${graph.format}`;
    console.log(
      `| ${[title, used, rows.length, given[0].length, difference(given, keras.features)].join(' | ')} |`,
    );
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

function thaw(args) {
  const command = [path.join(root, 'scripts', 'thaw.mjs'), ...args, '--json'];
  return JSON.parse(
    execFileSync(process.execPath, command, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 2 ** 28,
    }),
  );
}

function difference(given, expected) {
  const largest = Math.max(...expected.flat().map(Math.abs));
  const differences = expected.flatMap((row, index) =>
    row.map((value, at) => Math.abs(given[index][at] - value)),
  );
  return (Math.max(...differences) / largest).toExponential(1);
}

function imagesIn(folder, count) {
  const all = readdirSync(folder, { recursive: true }).filter((name) => /\.(jpe?g|png)$/i.test(name));
  return all
    .sort()
    .slice(0, count)
    .map((name) => path.join(folder, name));
}
