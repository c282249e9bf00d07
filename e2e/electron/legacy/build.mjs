/**
 * Builds the application for the Electron that package registries have (9.4.1: Chromium 83, Node 12), for tests only.
 * The sources are the product's own; what that Electron lacks is supplied by shim.ts and polyfills.ts beside this file.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { build as buildPage } from 'vite';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const here = import.meta.dirname;

/** Where the built application is. */
export const legacyApp = path.join(root, 'dist', 'legacy');

/** Modules of Node that version 12 has under another name, or only in part. */
const oldModules = {
  name: 'old-modules',
  setup({ onResolve }) {
    for (const name of ['fs/promises', 'stream/promises'])
      onResolve({ filter: new RegExp(`^(node:)?${name}$`) }, () => ({
        path: path.join(here, 'modules', `${name.replace('/', '-')}.cjs`),
      }));
    onResolve({ filter: /^node:/ }, ({ path: name }) => ({ path: name.slice(5), external: true }));
  },
};

/** Puts what an old browser lacks before the first module of the page and of its workers. */
const oldPage = {
  name: 'old-page',
  enforce: 'pre',
  transform(code, id) {
    const file = id.split('?')[0];
    if (file.endsWith('/renderer/main.tsx')) return before('page.ts', code);
    return /\/renderer\/.*worker\.ts$/i.test(file) ? before('worker.ts', code) : null;
  },
};

function before(module, code) {
  return `import ${JSON.stringify(path.join(here, module))};\n${code}`;
}

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  target: 'node12',
  external: ['electron'],
  logLevel: 'warning',
};

export async function buildLegacy() {
  rmSync(legacyApp, { recursive: true, force: true });
  mkdirSync(path.join(legacyApp, 'dist', 'main'), { recursive: true });
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  writeFileSync(
    path.join(legacyApp, 'package.json'),
    JSON.stringify({ name, version, main: 'dist/app/main.cjs' }),
  );
  await build({
    ...common,
    entryPoints: [path.join(here, 'main.ts')],
    outfile: path.join(legacyApp, 'dist', 'app', 'main.cjs'),
    platform: 'node',
    plugins: [oldModules],
  });
  await build({
    ...common,
    entryPoints: [path.join(here, 'preload.ts')],
    outfile: path.join(legacyApp, 'dist', 'app', 'preload.cjs'),
    platform: 'browser',
    target: 'chrome83',
  });
  await buildPage({
    configFile: path.join(root, 'renderer', 'vite.config.ts'),
    plugins: [oldPage],
    worker: { plugins: () => [oldPage] },
    logLevel: 'error',
    build: { outDir: path.join(legacyApp, 'dist', 'renderer'), target: 'chrome83', cssTarget: 'chrome83' },
  });
  const engine = path.join(root, 'dist', 'main', 'engine-process.js');
  if (!existsSync(engine)) throw new Error('Build Thaw first: node scripts/build.mjs');
  symlinkSync(engine, path.join(legacyApp, 'dist', 'main', 'engine-process.js'));
  cpSync(path.join(root, 'assets', 'icons'), path.join(legacyApp, 'assets', 'icons'), { recursive: true });
  for (const folder of ['backbones', 'sample'])
    symlinkSync(path.join(root, 'assets', folder), path.join(legacyApp, 'assets', folder));
}

if (process.argv[1] === path.join(here, 'build.mjs')) await buildLegacy();
