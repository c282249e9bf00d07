/**
 * The golden values and the time of one image of a TensorFlow.js export, on the package's own JavaScript backend, which
 * is the slowest there is. usage: node time_tfjs.mjs FOLDER tfjs|tfjs-graph
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

const [folder, format] = process.argv.slice(2);
console.warn = () => undefined;
const require = createRequire(import.meta.url);
const fromPackage = createRequire(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
const tf = fromPackage('@tensorflow/tfjs');
const read = (name) => readFileSync(path.join(folder, name));
const { weightsManifest, ...artifacts } = JSON.parse(read('model.json'));
const [{ paths, weights: weightSpecs }] = weightsManifest;
const weightData = new Uint8Array(Buffer.concat(paths.map(read))).buffer;
const handler = tf.io.fromMemory({ ...artifacts, weightSpecs, weightData });
const model = format === 'tfjs' ? await tf.loadLayersModel(handler) : await tf.loadGraphModel(handler);
const { imageSize } = JSON.parse(read('thaw.json'));
const rows = JSON.parse(read('golden/golden.json'));
const best = (values) => values.indexOf(Math.max(...values));
let worst = 0;
let same = 0;
const times = [];
for (const { image, probabilities } of [...rows, ...rows]) {
  const pixels = await sharp(read(`golden/${image}`))
    .removeAlpha()
    .raw()
    .toBuffer();
  const input = tf.tensor(Float32Array.from(pixels), [1, imageSize, imageSize, 3]);
  const start = performance.now();
  const values = [...(await model.predict(input).data())];
  times.push(performance.now() - start);
  for (const [index, value] of probabilities.entries())
    worst = Math.max(worst, Math.abs(value - values[index]));
  if (best(values) === best(probabilities)) same += 1;
}
const milliseconds = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
console.log(
  JSON.stringify({
    runtime: `tfjs ${tf.version.tfjs} (JavaScript)`,
    images: rows.length,
    maxAbsDifference: worst,
    labelAgreement: same / rows.length / 2,
    milliseconds,
  }),
);
