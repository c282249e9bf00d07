/**
 * Frozen layers alone, in ONNX Runtime and as a TensorFlow graph, in alternation in one process: milliseconds an image, by
 * the clock and of processor time (which other work on the machine hardly disturbs), and what opening takes. Prints JSON.
 */
import { dropHead, importNetwork, sizeOf } from '../../main/engine/network/index.ts';
import { loadTensorFlow } from '../../main/engine/runtime/tensorflow.ts';
import type { Prefix } from '../../main/engine/training/features/prefix.ts';
import { openPrefix } from '../../main/engine/training/features/prefix.ts';

const [model = '', rounds = '5'] = process.argv.slice(2);
const runtimes = ['onnxruntime', 'tensorflow'] as const;
const batch = 16;
/** Batches on the way at a time: as many as keep every lane busy. */
const atOnce = 4;

const imported = await importNetwork(model);
if (!imported.ok || imported.value.kind !== 'layers') throw new Error(`${model} is not a LayersModel`);
const headless = dropHead(imported.value.network);
if (!headless.ok) throw new Error(headless.error.message);
const { network } = headless.value;
const { weights } = imported.value;
await loadTensorFlow({ provision: false });

const pixels = (): Uint8Array => new Uint8Array(batch * sizeOf(network.inputShape)).fill(127);
const opened = new Map<string, Prefix>();
const measured = new Map<string, { seconds: number; wall: number[]; processor: number[] }>();
for (const runtime of runtimes) {
  const started = performance.now();
  const options = { frontier: [network.output], preprocess: 'tf', runtime } as const;
  const prefix = await openPrefix(network, weights, options);
  if (!prefix.ok) throw new Error(prefix.error.message);
  await prefix.value.run(pixels(), batch);
  opened.set(runtime, prefix.value);
  measured.set(runtime, { seconds: (performance.now() - started) / 1000, wall: [], processor: [] });
}
for (let round = 0; round < Number(rounds); round += 1)
  for (const [name, prefix] of opened) {
    const [before, started] = [process.cpuUsage(), performance.now()];
    await Promise.all(Array.from({ length: atOnce }, () => prefix.run(pixels(), batch)));
    const { user, system } = process.cpuUsage(before);
    const images = atOnce * batch;
    measured.get(name)?.wall.push((performance.now() - started) / images);
    measured.get(name)?.processor.push((user + system) / 1000 / images);
  }
process.stdout.write(`${JSON.stringify(Object.fromEntries(measured))}\n`);
process.exit(0);
