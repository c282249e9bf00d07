/**
 * End-to-end images per second of the first epoch (decode and frozen backbone) with the frozen layers in ONNX Runtime and
 * as a TensorFlow graph: same weights, same images, alternating in one sitting, each pass in a fresh process.
 * Usage: node bench/features/runtimes.mjs IMAGES LAYERS_MODEL_FOLDER [REPETITIONS]
 */
import path from 'node:path';
import { buildPasses, median, pass } from './passes.mjs';

const [images, model, repetitions = '3'] = process.argv.slice(2);
if (images === undefined || model === undefined) {
  console.error('Usage: node bench/features/runtimes.mjs IMAGES LAYERS_MODEL_FOLDER [REPETITIONS]');
  process.exit(2);
}
const thaw = path.join(await buildPasses(), 'thaw.js');
const runtimes = ['onnxruntime', 'tensorflow'];
const passes = Object.fromEntries(runtimes.map((name) => [name, []]));
for (let repetition = 0; repetition < Number(repetitions); repetition += 1)
  for (const name of runtimes)
    passes[name].push(pass(process.execPath, [thaw, images, model], { THAW_FROZEN: name }));
const speed = ({ images: count, seconds }) => count / seconds;
const ratios = passes.tensorflow.map((one, index) => speed(one) / speed(passes.onnxruntime[index]));
const report = {
  images,
  model: path.basename(model),
  providers: runtimes.map((name) => passes[name][0]?.provider),
  imagesPerSecond: runtimes.map((name) => Math.round(median(passes[name].map(speed)))),
  peakMebibytes: runtimes.map((name) =>
    Math.round(median(passes[name].map(({ peakBytes }) => peakBytes / 2 ** 20))),
  ),
  tensorflowOverOnnxruntime: Number(median(ratios).toFixed(2)),
  ratios: ratios.map((ratio) => Number(ratio.toFixed(2))),
};
console.log(JSON.stringify(report, null, 2));
