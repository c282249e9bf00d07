/** `npm start`: trains on the bundled sample in the terminal and shows how it went. */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const runs = path.join(process.env.THAW_DATA ?? envPaths('thaw', { suffix: '' }).data, 'runs');
mkdirSync(runs, { recursive: true });
const taken = new Set(readdirSync(runs));
let number = 1;
while (taken.has(`sample-${number}`)) number += 1;

console.error('Thaw trains a classifier on its sample images, with the bundled backbone frozen.');
console.error('The first start fetches the native TensorFlow runtime (about 200 MB).\n');
process.argv = [
  ...process.argv.slice(0, 2),
  'train',
  path.join(root, 'assets', 'sample'),
  '--out',
  path.join(runs, `sample-${number}`),
  ...process.argv.slice(2),
];
await import('./thaw.mjs');
