/** Builds Thaw: the main side into dist/main, the studio's page into dist/renderer. `--main` leaves the page out. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** One ESM bundle per process entry, packages left external; the window's preload script. */
export async function buildMain() {
  await build({
    absWorkingDir: root,
    entryPoints: {
      app: 'main/app/main.ts',
      cli: 'main/cli/main.ts',
      'engine-process': 'main/engine-process/main.ts',
      'onnx-worker': 'main/engine/runtime/onnxWorker.ts',
      'decode-worker': 'main/engine/dataset/decode/worker.ts',
      'hdf5-worker': 'main/engine/network/hdf5/worker.ts',
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
  // A sandboxed preload script is one CommonJS file.
  await build({
    absWorkingDir: root,
    entryPoints: ['preload/preload.ts'],
    outfile: 'dist/main/preload.cjs',
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    external: ['electron'],
    logLevel: 'warning',
  });
}

/** Builds the studio's page into dist/renderer. */
export async function buildRenderer() {
  const { build: buildPage } = await import('vite');
  await buildPage({ configFile: path.join(root, 'renderer', 'vite.config.ts') });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildMain();
  if (!process.argv.includes('--main')) await buildRenderer();
}
