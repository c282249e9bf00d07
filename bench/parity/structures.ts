/**
 * Asks Keras what its applications are made of and compares Thaw's architectures layer by layer. Without a pattern the
 * answers become the table that the tests know Keras by.
 * Usage: node bench/parity/run.mjs structures [PATTERN]
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { architectures } from '../../main/engine/network/architectures/index.ts';
import { judgePython } from '../../main/engine/testing/judge.ts';
import type { LayerStructure, StructureRow } from '../../main/engine/testing/structure.ts';
import { structureLines, structureOf, structureRow } from '../../main/engine/testing/structure.ts';

/** Odd, so that every padding shows; no smaller than any architecture's minimum. */
const oddSize = 107;
const [root = '.', pattern] = process.argv.slice(2);
const python = judgePython();
if (python === null) throw new Error('Keras is not set up');

const wanted = [...architectures.values()].filter(
  ({ name, keras }) => keras !== null && new RegExp(pattern ?? '').test(name),
);
const builds = wanted.flatMap((architecture) => [
  { architecture, imageSize: architecture.inputSize, includeTop: true },
  { architecture, imageSize: oddSize, includeTop: false },
]);
const requests = builds.map(({ architecture, imageSize, includeTop }) => ({
  keras: architecture.keras?.function,
  arguments: {
    ...architecture.keras?.arguments,
    include_top: includeTop,
    input_shape: [imageSize, imageSize, 3],
  },
}));
const printed = execFileSync(
  python,
  [path.join(root, 'bench', 'parity', 'structures.py'), JSON.stringify(requests)],
  {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 30,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
  },
);
const answers = printed.trim().split('\n');

const table: Record<string, StructureRow[]> = {};
let different = 0;
for (const [index, { architecture, imageSize, includeTop }] of builds.entries()) {
  const { name } = architecture;
  const answer = JSON.parse(answers[index] ?? '') as { parameters: number; layers: LayerStructure[] };
  const row = structureRow(answer.layers, { imageSize, includeTop });
  if (row.parameters !== answer.parameters) throw new Error(`${name}: a parameter was counted twice`);
  table[name] = [...(table[name] ?? []), row];
  const network = architecture.build({ imageSize, includeTop });
  if (!network.ok) throw new Error(network.error.message);
  const ours = structureLines(structureOf(network.value));
  const theirs = structureLines(answer.layers);
  const at = theirs.findIndex((line, layer) => line !== ours[layer]);
  const same = at < 0 && ours.length === theirs.length;
  if (!same) different += 1;
  const difference = same ? 'same' : `differs\n  Keras ${theirs[at]}\n  Thaw  ${ours[at]}`;
  console.log(`${name}, ${imageSize} px, ${includeTop ? 'with' : 'without'} top: ${difference}`);
}
if (pattern === undefined) {
  const lines = Object.entries(table).map(
    ([name, rows]) => `  ${JSON.stringify(name)}: ${JSON.stringify(rows)}`,
  );
  writeFileSync(path.join(root, 'bench', 'parity', 'structures.json'), `{\n${lines.join(',\n')}\n}\n`);
}
process.exitCode = different > 0 ? 1 : 0;
