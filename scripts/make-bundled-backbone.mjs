/**
 * Makes assets/backbones/NAME from a trained LayersModel: weights as float16, and the card.
 * Usage: node scripts/make-bundled-backbone.mjs MODEL_FOLDER CARD.json
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [source, cardFile] = process.argv.slice(2);
if (source === undefined || cardFile === undefined) {
  console.error('Usage: node scripts/make-bundled-backbone.mjs MODEL_FOLDER CARD.json');
  process.exit(2);
}

const bundle = path.join(root, 'dist', 'make-bundled-backbone', 'network.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['main/engine/network/index.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
});
const { importNetwork, writeLayersModel } = await import(pathToFileURL(bundle).href);
const imported = await importNetwork(source);
if (!imported.ok) throw new Error(imported.error.message);

const card = JSON.parse(readFileSync(cardFile, 'utf8'));
const folder = path.join(root, 'assets', 'backbones', card.name);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await writeLayersModel({ ...imported.value.network, name: card.name }, imported.value.weights, folder, {
  float16: true,
});
const sha256 = {};
for (const name of ['model.json', 'weights.bin'])
  sha256[name] = createHash('sha256')
    .update(readFileSync(path.join(folder, name)))
    .digest('hex');
writeFileSync(path.join(folder, 'card.json'), `${JSON.stringify({ ...card, sha256 }, null, 2)}\n`);
rmSync(path.dirname(bundle), { recursive: true });
