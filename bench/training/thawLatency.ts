/** Milliseconds from one image's pixels to its features, warm, as `thaw predict` computes them. */
import { openPrefix } from '../../main/engine/training/features/prefix.ts';
import { openModel } from './openModel.ts';

const [model = '', repeats = '200'] = process.argv.slice(2);
const { network, weights } = await openModel(model);
const opened = await openPrefix(network, weights, {
  frontier: [network.output],
  preprocess: 'tf',
});
if (!opened.ok) throw new Error(opened.error.message);
const [height, width] = network.inputShape;
const milliseconds: number[] = [];
for (let run = -20; run < Number(repeats); run += 1) {
  const pixels = new Uint8Array(height * width * 3).fill(100);
  const before = performance.now();
  await opened.value.run(pixels, 1);
  if (run >= 0) milliseconds.push(performance.now() - before);
}
milliseconds.sort((a, b) => a - b);
console.log(JSON.stringify({ milliseconds: milliseconds[milliseconds.length >> 1] }));
process.exit(0);
