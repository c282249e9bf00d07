/**
 * End-to-end images per second of the first epoch (decode and frozen backbone), Thaw beside Keras: same weights, same
 * images, alternating in one sitting, each pass in a fresh process.
 * Usage: node bench/features/run.mjs IMAGES LAYERS_MODEL_FOLDER [REPETITIONS]
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureJudgeVenv, judgesFolder } from '../../scripts/judges/venv.mjs';
import { median } from '../support.mjs';
import { buildPasses, pass } from './passes.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const [images, model, repetitions = '3'] = process.argv.slice(2);
if (images === undefined || model === undefined) {
  console.error('Usage: node bench/features/run.mjs IMAGES LAYERS_MODEL_FOLDER [REPETITIONS]');
  process.exit(2);
}
const missing = await ensureJudgeVenv();
if (missing !== null) throw new Error(`Keras could not be set up: ${missing}`);
const python = path.join(
  judgesFolder(),
  'venv',
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
);

const built = await buildPasses();

const headless = path.join(built, 'headless');
rmSync(headless, { recursive: true, force: true });
execFileSync(process.execPath, [path.join(built, 'prepare.js'), model, headless]);
const speeds = { thaw: [], keras: [] };
const peaks = { thaw: [], keras: [] };
for (let repetition = 0; repetition < Number(repetitions); repetition += 1) {
  const thaw = pass(process.execPath, [path.join(built, 'thaw.js'), images, model]);
  const keras = pass(python, [path.join(here, 'keras_pass.py'), images, headless]);
  if (thaw.images !== keras.images) throw new Error(`Thaw saw ${thaw.images} images, Keras ${keras.images}`);
  for (const [name, one] of Object.entries({ thaw, keras })) {
    speeds[name].push(one.images / one.seconds);
    peaks[name].push(one.peakBytes / 2 ** 20);
  }
}
const ratios = speeds.thaw.map((speed, index) => speed / speeds.keras[index]);
const report = {
  images,
  model: path.basename(model),
  thawImagesPerSecond: Math.round(median(speeds.thaw)),
  kerasImagesPerSecond: Math.round(median(speeds.keras)),
  ratio: Number(median(ratios).toFixed(2)),
  ratios: ratios.map((ratio) => Number(ratio.toFixed(2))),
  thawPeakMebibytes: Math.round(median(peaks.thaw)),
  kerasPeakMebibytes: Math.round(median(peaks.keras)),
};
console.log(JSON.stringify(report, null, 2));
