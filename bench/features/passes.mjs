/** What the comparisons of this folder share: building Thaw's side, and running one pass in a process of its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildMain } from '../../scripts/build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Builds the engine and Thaw's side of the comparisons; gives their folder. */
export async function buildPasses() {
  await buildMain();
  const built = path.join(root, 'dist', 'bench');
  mkdirSync(built, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      ['thaw', 'prepare', 'frozen'].map((name) => [name, `bench/features/${name}.ts`]),
    ),
    outdir: built,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return built;
}

/** Runs a pass and reads the JSON on its last line. */
export function pass(command, args, environment = {}) {
  const output = execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    // Keras’s side shares how a model is read with the judges.
    env: { ...process.env, PYTHONPATH: path.join(root, 'scripts', 'judges'), ...environment },
  });
  return JSON.parse(output.trim().split('\n').at(-1));
}
