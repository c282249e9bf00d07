import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { tfjsScript } from '../../runtime/tfjsFiles.ts';
import type { ExampleFacts, ExampleFile } from '../exporter.ts';

const pageFolder = path.join(packageRoot, 'assets', 'web-page');
const pageFiles = ['index.html', 'page.css', 'page.js', 'classifier.js', 'resize.js'] as const;

/** A web page that works offline from any static server, and a program for Node that compares the golden images. */
export async function webExamples(
  facts: ExampleFacts,
  kind: 'layers' | 'graph',
): Promise<readonly ExampleFile[]> {
  const page = pageFiles.map(async (name) => ({
    path: name,
    text: await readFile(path.join(pageFolder, name), 'utf8'),
  }));
  const script = { path: 'tf.min.js', text: await readFile(tfjsScript(), 'utf8') };
  return [nodeExample(facts, kind), ...(await Promise.all(page)), script];
}

function nodeExample(facts: ExampleFacts, kind: 'layers' | 'graph'): ExampleFile {
  const load = kind === 'layers' ? 'loadLayersModel' : 'loadGraphModel';
  return {
    path: 'example.mjs',
    text: `// Compares the model with the golden images: npm install @tensorflow/tfjs sharp && node example.mjs
// In a browser, serve this folder (python3 -m http.server) and open it: index.html is ready to use.
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';

const read = (name) => readFile(new URL(name, import.meta.url));
const json = async (name) => JSON.parse(await read(name));

const { weightsManifest, ...artifacts } = await json('model.json');
const [{ paths, weights: weightSpecs }] = weightsManifest;
const weightData = new Uint8Array(Buffer.concat(await Promise.all(paths.map(read)))).buffer;
const model = await tf.${load}(tf.io.fromMemory({ ...artifacts, weightSpecs, weightData }));

let worst = 0;
for (const { image, probabilities } of await json('golden/golden.json')) {
  const pixels = await sharp(await read(\`golden/\${image}\`)).removeAlpha().raw().toBuffer();
  const input = tf.tensor(Float32Array.from(pixels), [1, ${facts.imageSize}, ${facts.imageSize}, 3]);
  const output = await model.predict(input).data();
  for (const [index, value] of probabilities.entries()) worst = Math.max(worst, Math.abs(value - output[index]));
}
console.log(JSON.stringify({ maxAbsDifference: worst }));
if (!(worst <= ${facts.tolerance})) throw new Error('The model does not give the studio’s answers.');
`,
  };
}
