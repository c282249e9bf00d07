import { readFileSync } from 'node:fs';
import path from 'node:path';
import { operations } from '../engine/operations/index.ts';
import { packageRoot } from '../engine/runtime/packageRoot.ts';
import { runCli } from './runCli.ts';

/** Entry of the command line. Libraries that print to standard output are sent to standard error. */
console.log = console.error;
console.info = console.error;

const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};

let interrupts = 0;
const listeners = new Set<() => void>();
// Ctrl-C, and what `kill`, service managers and batch systems send. Not SIGHUP, which `nohup` has ignored.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    interrupts += 1;
    if (interrupts > 1 || listeners.size === 0) process.exit(130);
    for (const listener of listeners) listener();
  });

const code = await runCli(
  process.argv.slice(2),
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    columns: process.stderr.columns || 80,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    operations,
  },
  version,
);
process.exitCode = code;
// Native thread pools would keep the process alive; what is written must be out first.
process.stdout.write('', () => process.exit(code));
