import { Command, CommanderError } from 'commander';
import { thawError } from '../../shared/errors.ts';
import { fail } from './command.ts';
import type { Io } from './io.ts';
import { augmentVerb } from './verbs/augment.ts';
import { backbonesVerb } from './verbs/backbones.ts';
import { cacheVerb } from './verbs/cache.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { estimateVerb } from './verbs/estimate.ts';
import { evaluateVerb } from './verbs/evaluate.ts';
import { exportVerb } from './verbs/export.ts';
import { featuresVerb } from './verbs/features.ts';
import { findLearningRateVerb } from './verbs/findLearningRate.ts';
import { inspectVerb } from './verbs/inspect.ts';
import { predictVerb } from './verbs/predict.ts';
import { projectVerb } from './verbs/project.ts';
import { resumeVerb } from './verbs/resume.ts';
import { runsVerb } from './verbs/runs.ts';
import { serveVerb } from './verbs/serve.ts';
import { trainVerb } from './verbs/train.ts';

const verbs = [
  inspectVerb,
  projectVerb,
  backbonesVerb,
  trainVerb,
  resumeVerb,
  runsVerb,
  findLearningRateVerb,
  estimateVerb,
  evaluateVerb,
  predictVerb,
  featuresVerb,
  augmentVerb,
  exportVerb,
  cacheVerb,
  doctorVerb,
];

/** Runs one command line (without `node` and the script) and returns its exit code. */
export async function runCli(args: readonly string[], io: Io, version: string): Promise<number> {
  let code = 0;
  const end = (ended: number): void => {
    code = ended;
  };
  const program = new Command('thaw')
    .description('Image transfer learning: freeze, thaw, train, understand.')
    .version(version);
  for (const make of verbs) program.addCommand(make(io, end));
  program.addCommand(serveVerb(io, end, version));
  prepare(program, io);
  const common = { json: args.includes('--json'), verbose: args.includes('--verbose') };
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return usage(thrown, io, common.json);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const detail = thrown instanceof Error && thrown.stack !== undefined ? { detail: thrown.stack } : {};
    const remedy = 'Run it again with --verbose and report what it prints.';
    return fail(
      io,
      common,
      thawError('internal', `Something unexpected happened: ${message}`, { remedy, ...detail }),
    );
  }
}

function prepare(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      io.out(text);
    },
    writeErr: (text) => {
      io.err(text);
    },
  });
  for (const inner of command.commands) prepare(inner, io);
}

/** Commander has printed its message already. */
function usage(thrown: CommanderError, io: Io, json: boolean): number {
  if (thrown.exitCode === 0) return 0;
  if (json) io.out(`${JSON.stringify({ error: { code: 'usage', message: thrown.message } }, null, 2)}\n`);
  return 2;
}
