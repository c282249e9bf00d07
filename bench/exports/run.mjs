/**
 * Exports a run in every format and weight type, asks official runtimes for the golden values and for the time one image
 * takes, and prints a Markdown table. usage: node bench/exports/run.mjs [RUN]
 * Python: the judges' environment, and, for Keras 3 and LiteRT, the one that THAW_BENCH_PYTHON names.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgesFolder } from '../../scripts/judges/venv.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'thaw-bench-exports-'));
const node = (args) =>
  execFileSync(process.execPath, [path.join(root, 'scripts', 'thaw.mjs'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 2 ** 20,
  });

const run = process.argv[2] ?? path.join(folder, 'run');
if (!existsSync(run)) node(['train', path.join(root, 'assets', 'sample'), '--out', run, '--epochs', '10']);

const wanted = [
  ['tfjs', ['float32', 'float16', 'uint8']],
  ['tfjs-graph', ['float32', 'float16', 'uint8']],
  ['keras', ['float32']],
  ['h5', ['float32']],
  ['savedmodel', ['float32']],
  ['tflite', ['float32', 'float16', 'int8', 'full-int8']],
  ['onnx', ['float32', 'float16', 'int8']],
];
const pythons = [path.join(judgesFolder(), 'venv', 'bin', 'python'), process.env.THAW_BENCH_PYTHON].filter(
  (python) => python !== undefined && existsSync(python),
);
const exported = wanted.flatMap(([format, types]) =>
  types.map((weights) => {
    const out = path.join(folder, `${format}-${weights}`);
    const result = JSON.parse(
      node(['export', run, '--format', format, '--weights', weights, '--out', out, '--json']),
    );
    return { format, weights, out, result };
  }),
);

const rows = [];
for (const { format, weights, out, result } of exported) {
  const megabytes = (result.modelBytes / 1e6).toFixed(2);
  if (format.startsWith('tfjs')) {
    const timed = JSON.parse(
      execFileSync(process.execPath, [path.join(root, 'bench', 'exports', 'time_tfjs.mjs'), out, format], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    rows.push([format, weights, timed.runtime, timed, megabytes]);
    continue;
  }
  for (const python of pythons) {
    const printed = execFileSync(
      python,
      [path.join(root, 'bench', 'exports', 'time_export.py'), out, format],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
      },
    );
    const timed = JSON.parse(printed.trim().split('\n').at(-1));
    rows.push([format, weights, timed.runtime, timed, megabytes]);
  }
}
const info = JSON.parse(readFileSync(path.join(exported[0].out, 'thaw.json'), 'utf8'));
console.log(
  `${info.backbone}, ${info.imageSize} px, ${info.classes.length} classes, ${os.cpus().length} cores\n`,
);
console.log('| format | weights | runtime | images | largest difference | same label | MB | ms an image |');
console.log('| --- | --- | --- | --: | --: | --: | --: | --: |');
for (const [format, weights, runtime, timed, megabytes] of rows)
  console.log(
    `| ${format} | ${weights} | ${runtime} | ${timed.images} | ${timed.maxAbsDifference.toExponential(1)} | ${(timed.labelAgreement * 100).toFixed(0)} % | ${megabytes} | ${timed.milliseconds.toFixed(1)} |`,
  );
