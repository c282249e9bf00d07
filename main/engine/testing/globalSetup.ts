import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { packageRoot } from '../runtime/packageRoot.ts';

/** Tests start workers and processes, so what is built must be what is there. */
export function setup(): void {
  execFileSync(process.execPath, [path.join(packageRoot, 'scripts', 'build.mjs'), '--main'], {
    stdio: 'inherit',
  });
}
