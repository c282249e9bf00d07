/** One pass of Thaw over a folder of images: decode, frozen backbone, features on disk. Prints images and seconds. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDecoder, openDataset } from '../../main/engine/dataset/index.ts';
import { quietContext } from '../../main/engine/jobs/context.ts';
import { dropHead, importNetwork } from '../../main/engine/network/index.ts';
import { extractFeatures } from '../../main/engine/training/features/extractFeatures.ts';
import { openPrefix } from '../../main/engine/training/features/prefix.ts';

const [dataset = '', model = ''] = process.argv.slice(2);

const imported = await importNetwork(model);
if (!imported.ok || imported.value.kind !== 'layers') throw new Error(`${model} is not a LayersModel`);
const { network, weights } = imported.value;
const headless = dropHead(network);
if (!headless.ok) throw new Error(headless.error.message);
const [height, width] = network.inputShape;
const frontier = [headless.value.network.output];
const prefix = await openPrefix(headless.value.network, weights, { frontier, preprocess: 'tf' });
if (!prefix.ok) throw new Error(prefix.error.message);
await prefix.value.run(new Uint8Array(32 * height * width * 3), 32);

const source = await openDataset(dataset);
if (!source.ok) throw new Error(source.error.message);
const images: { id: string; path: string }[] = [];
for await (const entry of source.value.list(new AbortController().signal))
  if (entry.type === 'file')
    images.push({ id: createHash('sha256').update(entry.path).digest('hex'), path: entry.path });
const cacheRoot = await mkdtemp(path.join(tmpdir(), 'thaw-bench-'));
const decoder = createDecoder();

const started = performance.now();
const table = await extractFeatures(
  {
    parts: [{ source: source.value, images }],
    decoder,
    prefix: prefix.value,
    target: { width, height, resize: 'squash' },
    key: { backbone: 'bench', weightsHash: 'bench', preprocess: 'tf', encoding: 'float32' },
    cacheRoot,
  },
  quietContext(),
);
const seconds = (performance.now() - started) / 1000;
if (!table.ok) throw new Error(table.error.message);
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  `${JSON.stringify({ images: images.length, seconds, peakBytes, provider: prefix.value.provider })}\n`,
);
await table.value.close();
await decoder.close();
await rm(cacheRoot, { recursive: true });
process.exit(0);
