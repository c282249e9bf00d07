import { readFile } from 'node:fs/promises';
import type { RunLogLine } from '../../../../shared/ipc/training/runs.ts';
import { runPaths } from './runFolder.ts';

/** Lines of a log that are read at most, the latest. */
const mostLines = 5_000;
const warning = 'warning: ';

/** How a line is written: when, and on a line of its own what happened. */
export function logLine({ time, level, message }: RunLogLine): string {
  return `${time} ${level === 'warning' ? warning : ''}${message.replace(/\s*\n\s*/g, ' ')}\n`;
}

/** What happened in a run, the latest at the end; nothing where there is no log. Lines that are none are left out. */
export async function readLog(run: string): Promise<RunLogLine[]> {
  const text = await readFile(runPaths(run).log, 'utf8').catch(() => '');
  return text.split('\n').slice(-mostLines).flatMap(parseLine);
}

function parseLine(line: string): RunLogLine[] {
  const [, time, message] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.+)$/.exec(line) ?? [];
  if (time === undefined || message === undefined) return [];
  if (!message.startsWith(warning)) return [{ time, level: 'info', message }];
  return [{ time, level: 'warning', message: message.slice(warning.length) }];
}
