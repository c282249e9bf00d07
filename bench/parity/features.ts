/**
 * What Thaw computes beside what Keras computes, for every architecture: Keras saves random weights in three formats,
 * Thaw loads each and extracts the pooled features of real images. Results are kept as they come, so that a broken run
 * goes on where it was.
 * Usage: node bench/parity/run.mjs features IMAGE_FOLDER [PATTERN]
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDecoder } from '../../main/engine/dataset/index.ts';
import type { Architecture } from '../../main/engine/network/architectures/index.ts';
import { architectures } from '../../main/engine/network/architectures/index.ts';
import type { Images, KerasFormat } from '../../main/engine/testing/applications.ts';
import {
  featuresByOnnx,
  kerasFormats,
  openWithHead,
  relativeDifference,
  withKerasFiles,
} from '../../main/engine/testing/applications.ts';
import { writeTable } from './table.ts';

export interface ParityRow {
  readonly name: string;
  readonly keras: string;
  readonly parameters: number;
  readonly layers: number;
  readonly imageSize: number;
  readonly differences: Readonly<Record<KerasFormat, number>>;
}

const imageCount = 3;
const smallestSize = 96;
const allowed = 1e-4;

const [root = '.', folder, pattern] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a folder of images');
const results = path.join(root, 'bench', 'parity', 'features.json');
const rows = new Map<string, ParityRow>();
if (existsSync(results))
  for (const row of JSON.parse(readFileSync(results, 'utf8')) as ParityRow[]) rows.set(row.name, row);

const files = readdirSync(folder)
  .filter((name) => /\.(?:jpe?g|png)$/i.test(name))
  .sort()
  .slice(0, imageCount)
  .map((name) => path.join(folder, name));
const decoder = createDecoder();
const pixels: Uint8Array[] = [];
for (const file of files) {
  const decoded = await decoder.decodeFile(file, {
    width: smallestSize,
    height: smallestSize,
    resize: 'squash',
  });
  if (!decoded.ok) throw new Error(decoded.error.message);
  pixels.push(decoded.value);
}
await decoder.close();
const images: Images = { imageSize: smallestSize, count: files.length, pixels: Buffer.concat(pixels) };

let failed = 0;
for (const architecture of architectures.values()) {
  if (architecture.keras === null) continue;
  if (pattern === undefined ? rows.has(architecture.name) : !new RegExp(pattern).test(architecture.name))
    continue;
  const row = await compare(architecture);
  rows.set(row.name, row);
  const worst = Math.max(...Object.values(row.differences));
  console.log(`${row.name}: ${worst.toExponential(1)} ${worst <= allowed ? '' : 'TOO FAR'}`);
  if (!(worst <= allowed)) failed += 1;
  const ordered = [...architectures.keys()].flatMap((name) => rows.get(name) ?? []);
  writeFileSync(results, `${JSON.stringify(ordered, null, 2)}\n`);
  writeTable(path.join(root, 'bench', 'parity', 'README.md'), ordered);
}
process.exitCode = failed > 0 ? 1 : 0;
// ONNX Runtime's threads would keep the process.
process.exit();

async function compare(architecture: Architecture): Promise<ParityRow> {
  return withKerasFiles(architecture, images, kerasFormats, async (judged, fileOf) => {
    const expected = judged.features.flat();
    const differences: [KerasFormat, number][] = [];
    let counted = { parameters: 0, layers: 0 };
    for (const format of kerasFormats) {
      const opened = await openWithHead(architecture, fileOf(format), images.imageSize);
      counted = opened;
      const features = await featuresByOnnx(opened, architecture, images);
      differences.push([format, relativeDifference(features, expected)]);
    }
    if (counted.parameters !== judged.parameters) throw new Error(`${architecture.name}: other parameters`);
    return {
      name: architecture.name,
      keras: judged.version,
      parameters: counted.parameters,
      layers: counted.layers,
      imageSize: images.imageSize,
      differences: Object.fromEntries(differences) as ParityRow['differences'],
    };
  });
}
