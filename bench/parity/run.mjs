/**
 * Thaw's architectures beside Keras's: `structures` compares layers, `features` what they compute.
 * Usage: node bench/parity/run.mjs structures|features [ARGUMENTS…]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildMain } from '../../scripts/build.mjs';
import { ensureJudgeVenv } from '../../scripts/judges/venv.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [what, ...args] = process.argv.slice(2);
if (what !== 'structures' && what !== 'features') {
  console.error('Usage: node bench/parity/run.mjs structures|features [ARGUMENTS…]');
  process.exit(2);
}
const missing = await ensureJudgeVenv();
if (missing !== null) throw new Error(`Keras could not be set up: ${missing}`);
await buildMain();
const outdir = path.join(root, 'dist', 'bench');
await build({
  absWorkingDir: root,
  entryPoints: { [what]: `bench/parity/${what}.ts` },
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
});
const { status } = spawnSync(process.execPath, [path.join(outdir, `${what}.js`), root, ...args], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
