import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder holding Thaw's package.json, found by walking up from this file: the same from TypeScript sources,
 * from dist/ and from a packaged application.
 */
export const packageRoot: string = findPackageRoot(path.dirname(fileURLToPath(import.meta.url)));

/** A file built by scripts/build.mjs, for starting as a worker or a process, e.g. `builtEntry('decode-worker')`. */
export function builtEntry(name: string): string {
  return path.join(packageRoot, 'dist', 'main', `${name}.js`);
}

function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
      if (name === 'thaw') return folder;
    }
    if (path.dirname(folder) === folder) throw new Error(`No package.json of Thaw above ${from}`);
  }
}
