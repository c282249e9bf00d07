import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../places.ts';

export interface ServedStudio {
  /** The page with the key that lets it in. */
  readonly url: string;
  /** What `THAW_DATA` names. */
  readonly data: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** `thaw serve` on a free port, with a data folder of its own. */
export async function serveStudio(environment: Readonly<Record<string, string>> = {}): Promise<ServedStudio> {
  const data = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-'));
  const args = [path.join(root, 'scripts', 'thaw.mjs'), 'serve', '--port', '0', '--json'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, THAW_DATA: data, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string };
    return { url, data, pid: child.pid ?? 0, stop: () => stop(child) };
  }
  throw new Error('thaw serve ended without an address');
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGINT');
  });
}
