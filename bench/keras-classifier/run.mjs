/**
 * A classifier that Keras trains, measured by Keras and by `thaw evaluate`. Usage: node bench/keras-classifier/run.mjs
 * [DATASET]; prints the rows of results.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureJudgeVenv, judgesFolder } from '../../scripts/judges/venv.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const dataset = process.argv[2] ?? path.resolve(root, '..', 'shared', 'data', 'sign_digits');
const missing = await ensureJudgeVenv();
if (missing !== null) throw new Error(missing);

console.log(
  '| Keras | file | images | Keras: right, loss | Thaw, same pixels: right, loss | Thaw, JPEG files: right |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const environment of ['judges', 'judges-keras3']) {
  const out = mkdtempSync(path.join(os.tmpdir(), 'thaw-keras-classifier-'));
  try {
    run('judges', [path.join(here, 'prepare.py'), dataset, out]);
    const keras = JSON.parse(
      run(environment, [path.join(here, 'train.py'), out])
        .trim()
        .split('\n')
        .at(-1),
    );
    for (const file of ['model.keras', 'model.h5']) {
      const own = evaluate(path.join(out, file), path.join(out, 'pixels'));
      const files = evaluate(path.join(out, file), path.join(out, 'files'));
      const counts = [
        `${keras.right}, ${keras.loss.toFixed(5)}`,
        `${own.right}, ${own.loss.toFixed(5)}`,
        files.right,
      ];
      console.log(`| ${[keras.keras, file, keras.images, ...counts].join(' | ')} |`);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function run(environment, args) {
  return execFileSync(path.join(judgesFolder(environment), 'venv', 'bin', 'python'), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      KERAS_BACKEND: environment === 'judges' ? 'tensorflow' : 'jax',
      TF_CPP_MIN_LOG_LEVEL: '3',
    },
  });
}

function evaluate(model, images) {
  const cli = path.join(root, 'scripts', 'thaw.mjs');
  const printed = execFileSync(process.execPath, [cli, 'evaluate', model, images, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { accuracy, images: count, loss } = JSON.parse(printed);
  return { right: Math.round(accuracy * count), loss };
}
