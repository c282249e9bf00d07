import { Command, InvalidArgumentError, Option } from 'commander';
import type { ThawError } from '../../shared/errors.ts';
import { describeError, exitCodeOf } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { Io } from './io.ts';

/** Options every verb has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly progress: 'auto' | 'bar' | 'plain' | 'ndjson';
}

/** A verb with the options all verbs have. */
export function verb(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'print one JSON document on standard output ({"error": …} on failure)')
    .option('--verbose', 'print the details of an error')
    .addOption(
      new Option('--progress <how>', 'how progress is shown on standard error')
        .choices(['auto', 'bar', 'plain', 'ndjson'])
        .default('auto'),
    )
    .showHelpAfterError('Run with --help to see the options.')
    .allowExcessArguments(false);
}

/** Prints a result, as JSON or for a person, and returns the exit code. */
export function finish<T>(
  io: Io,
  options: CommonOptions,
  result: Result<T>,
  describe: (value: T) => string,
): number {
  if (!result.ok) return fail(io, options, result.error);
  io.out(options.json === true ? `${toJson(result.value)}\n` : `${describe(result.value)}\n`);
  return 0;
}

/** Prints an error and returns its exit code. */
export function fail(io: Io, options: Pick<CommonOptions, 'json' | 'verbose'>, error: ThawError): number {
  io.err(`${describeError(error)}\n`);
  if (options.verbose === true && error.detail !== undefined) io.err(`${error.detail}\n`);
  if (options.json === true) {
    const { detail, ...plain } = error;
    io.out(`${toJson({ error: options.verbose === true ? { ...plain, detail } : plain })}\n`);
  }
  return exitCodeOf(error.code);
}

/** JSON has no NaN and no infinities: a diverged training's losses become null. */
function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Parses an option's number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

/** Parses an option's whole number, from zero. */
export function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number, 0 or more.');
  return value;
}

/** Parses an option's whole number within bounds. */
export function wholeWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = wholeNumber(text);
    if (value < least || value > most)
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** Parses an option's number within bounds. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = number(text);
    if (value < least || value > most)
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    return value;
  };
}

/** Parses "64,32". */
export function wholeNumbers(text: string): number[] {
  return list(text).map(wholeNumber);
}

/** Parses "block_1?=0.1,block_16=0.5". */
export function factors(text: string): Record<string, number> {
  const entries = list(text).map((part) => {
    const at = part.lastIndexOf('=');
    if (at <= 0) throw new InvalidArgumentError('Expected names with factors, as in "block_1?=0.1".');
    return [part.slice(0, at).trim(), number(part.slice(at + 1))] as const;
  });
  return Object.fromEntries(entries);
}

/** Parses "a,b". */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
