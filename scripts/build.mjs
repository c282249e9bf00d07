/** Builds the main side into dist/main: one ESM bundle per process entry, packages left external. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export async function buildMain() {
  await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'main/cli/main.ts',
      'engine-process': 'main/engine-process/main.ts',
      'onnx-worker': 'main/engine/runtime/onnxWorker.ts',
      'decode-worker': 'main/engine/dataset/decode/worker.ts',
    },
    outdir: 'dist/main',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildMain();
