/** Builds Thaw: the main side into dist/main, the studio's page into dist/renderer. `--main` leaves the page out. */
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/**
 * What is small and made of ES modules goes into the bundle, where it loads faster than out of a hundred files; the rest is
 * loaded from where it is installed.
 */
const bundled = ['csv-parse', 'env-paths', 'zod'];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** One ESM bundle per process entry of the engine and the command line. */
export async function buildMain() {
  const { dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const external = Object.keys(dependencies).filter((name) => !bundled.includes(name));
  await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'main/cli/main.ts',
      'engine-process': 'main/engine-process/main.ts',
      'onnx-worker': 'main/engine/runtime/onnx/worker.ts',
      'decode-worker': 'main/engine/dataset/decode/pool/worker.ts',
      'hdf5-worker': 'main/engine/network/hdf5/worker.ts',
    },
    outdir: 'dist/main',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external,
    sourcemap: true,
    logLevel: 'warning',
  });
}

/**
 * The desktop application into dist/app: one file with all it needs, so that a package's archive holds it whole, and the
 * preload script, which a sandbox wants as one CommonJS file.
 */
export async function buildApp() {
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: 'cjs',
    external: ['electron'],
    sourcemap: true,
    logLevel: 'warning',
  };
  await build({
    ...common,
    entryPoints: ['main/app/main.ts'],
    outfile: 'dist/app/main.cjs',
    platform: 'node',
    target: 'node24',
  });
  await build({
    ...common,
    entryPoints: ['preload/preload.ts'],
    outfile: 'dist/app/preload.cjs',
    platform: 'browser',
    target: 'es2023',
    sourcemap: false,
  });
}

/** Builds the studio's page into dist/renderer. */
export async function buildRenderer() {
  const { build: buildPage } = await import('vite');
  await buildPage({ configFile: path.join(root, 'renderer', 'vite.config.ts') });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildMain();
  await buildApp();
  if (!process.argv.includes('--main')) await buildRenderer();
}
