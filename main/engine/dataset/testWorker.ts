import { rename } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { builtEntry, packageRoot } from '../runtime/packageRoot.ts';

/** For tests: bundles the decode worker from the sources as they are, and returns its path. */
export async function buildTestWorker(): Promise<string> {
  const entry = builtEntry('decode-worker').replace(/\.js$/, '.test-build.js');
  const temporary = `${entry}.${process.pid}`;
  await build({
    entryPoints: [path.join(packageRoot, 'main/engine/dataset/decode/pool/worker.ts')],
    outfile: temporary,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  await rename(temporary, entry);
  return entry;
}
