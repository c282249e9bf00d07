/**
 * What the choice between ONNX Runtime and a TensorFlow graph for the frozen layers is worth here: the layers alone, in
 * alternation in one process, and with images also the first epoch end to end (decode and frozen backbone), each pass in
 * a fresh process. Ratios are TensorFlow's time over ONNX Runtime's.
 * Usage: node bench/features/runtimes.mjs LAYERS_MODEL_FOLDER [IMAGES] [REPETITIONS]
 */
import path from 'node:path';
import { median } from '../support.mjs';
import { buildPasses, pass } from './passes.mjs';

const [model, images, repetitions = '3'] = process.argv.slice(2);
if (model === undefined) {
  console.error('Usage: node bench/features/runtimes.mjs LAYERS_MODEL_FOLDER [IMAGES] [REPETITIONS]');
  process.exit(2);
}
const built = await buildPasses();
const ratio = (ours, theirs) => Number(median(ours.map((value, at) => value / theirs[at])).toFixed(2));
const rounded = (values) => Number(median(values).toFixed(2));

const alone = pass(process.execPath, [path.join(built, 'frozen.js'), model]);
const { onnxruntime: onnx, tensorflow } = alone;
const report = {
  model: path.basename(model),
  millisecondsAnImage: {
    onnxruntime: { wall: rounded(onnx.wall), processor: rounded(onnx.processor) },
    tensorflow: { wall: rounded(tensorflow.wall), processor: rounded(tensorflow.processor) },
    wallRatio: ratio(tensorflow.wall, onnx.wall),
    processorRatio: ratio(tensorflow.processor, onnx.processor),
  },
  secondsToFirstBatch: { onnxruntime: rounded([onnx.seconds]), tensorflow: rounded([tensorflow.seconds]) },
};
if (images !== undefined) {
  const runtimes = ['onnxruntime', 'tensorflow'];
  const passes = Object.fromEntries(runtimes.map((name) => [name, []]));
  for (let repetition = 0; repetition < Number(repetitions); repetition += 1)
    for (const name of runtimes) {
      const one = pass(process.execPath, [path.join(built, 'thaw.js'), images, model], { THAW_FROZEN: name });
      if (!one.provider.startsWith(name)) throw new Error(`${name} was asked for, ${one.provider} computed`);
      passes[name].push(one);
    }
  const seconds = (name) => passes[name].map((one) => one.seconds);
  const peak = (name) => Math.round(median(passes[name].map(({ peakBytes }) => peakBytes / 2 ** 20)));
  report.firstEpoch = {
    images: passes.onnxruntime[0]?.images,
    secondsRatio: ratio(seconds('tensorflow'), seconds('onnxruntime')),
    peakMebibytes: Object.fromEntries(runtimes.map((name) => [name, peak(name)])),
  };
}
console.log(JSON.stringify(report, null, 2));
