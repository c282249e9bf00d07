/**
 * What TensorFlow.js exports give in TensorFlow.js's own loaders, on its native backend. usage: node ask.mjs REQUEST.json
 * (see ask.py); prints a list of {format, runtime, values}, or of {format, runtime, error}.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import tf from '@tensorflow/tfjs-node-gpu';

const { exports, imageSize, count, pixels } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bytes = readFileSync(pixels);
const each = bytes.length / count;
const answers = [];
for (const { format, directory } of exports) {
  if (!format.startsWith('tfjs')) continue;
  const said = { format, runtime: `tfjs ${tf.version.tfjs}` };
  try {
    const handler = tf.io.fileSystem(path.join(directory, 'model.json'));
    const model = format === 'tfjs' ? await tf.loadLayersModel(handler) : await tf.loadGraphModel(handler);
    const values = [];
    for (let index = 0; index < count; index += 1) {
      const image = Float32Array.from(bytes.subarray(index * each, (index + 1) * each));
      values.push(...(await model.predict(tf.tensor(image, [1, imageSize, imageSize, 3])).data()));
    }
    answers.push({ ...said, values });
  } catch (error) {
    answers.push({ ...said, error: error.message });
  }
}
console.log(JSON.stringify(answers));
