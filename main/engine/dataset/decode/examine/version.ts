import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../runtime/packageRoot.ts';

/** Raised whenever `examine` would find something else in some file: what was remembered before then counts no more. */
const examinationVersion = 1;

let known: string | null = null;

/** What decides, beside a file's content and name, what is found in it: this code and the library that decodes. */
export function examiner(): string {
  known ??= `${examinationVersion}, sharp ${sharpVersion()}`;
  return known;
}

/** From what Thaw asks for, which is one version: the library itself is not loaded to learn it. */
function sharpVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return manifest.dependencies?.['sharp'] ?? 'unknown';
}
