import { spawn } from 'node:child_process';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';

export interface CommandOutcome {
  /** Null when the command could not be started. */
  readonly status: number | null;
  readonly output: string;
}

/** Runs a command to its end and keeps what it printed. Throws ThawFailure `cancelled` when the signal aborts. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly signal?: AbortSignal | undefined;
    readonly timeoutSeconds?: number;
    readonly onOutput?: (text: string) => void;
  } = {},
): Promise<CommandOutcome> {
  const limit =
    options.timeoutSeconds === undefined ? [] : [AbortSignal.timeout(options.timeoutSeconds * 1000)];
  const signals = options.signal === undefined ? limit : [options.signal, ...limit];
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      signal: AbortSignal.any(signals),
    });
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output += text;
      options.onOutput?.(text);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (cause) => {
      if (options.signal?.aborted === true) {
        reject(new ThawFailure(thawError('cancelled', `${command} was stopped.`)));
        return;
      }
      resolve({ status: null, output: output + cause.message });
    });
    child.once('close', (status) => {
      if (options.signal?.aborted !== true) resolve({ status: status ?? 1, output });
    });
  });
}
