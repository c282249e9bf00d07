import type { Command } from 'commander';
import type { NextPhase, TrainResult } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { CommonOptions } from '../command.ts';
import { fail, finish, list, number, verb, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';
import { describeTraining } from './train.ts';

type ResumeOptions = CommonOptions & Partial<Omit<NextPhase, 'thawFrom'>> & { readonly thawFrom?: string };

/** `thaw resume RUN`. */
export function resumeVerb(io: Io, end: (code: number) => void): Command {
  return verb('resume', 'go on with a run that was interrupted, from its last epoch, or with another plan')
    .argument('<run>', 'folder of the run')
    .option('--epochs <n>', 'go on with a phase of so many epochs in place of what was planned', wholeNumber)
    .option('--thaw-from <layer>', 'of that phase: thaw this layer or block and everything after it')
    .option('--thaw <globs>', 'of that phase: thaw layers or blocks by name', list)
    .option('--learning-rate <x>', 'of that phase', number)
    .action(async (run: string, options: ResumeOptions) => {
      const next = nextPhaseOf(options);
      if (!next.ok) {
        end(fail(io, options, next.error));
        return;
      }
      const job = { job: 'resume', run, ...(next.value !== null && { next: next.value }) } as const;
      end(finish(io, options, await runJob<TrainResult>(io, options, job), describeTraining));
    });
}

/** The phase the options ask for; null for going on as planned. Its rate is that of heads, or of thawed layers. */
function nextPhaseOf({ epochs, thawFrom, thaw, learningRate }: ResumeOptions): Result<NextPhase | null> {
  const isThawed = thawFrom !== undefined || thaw !== undefined;
  if (epochs === undefined && !isThawed && learningRate === undefined) return ok(null);
  if (epochs === undefined || epochs < 1)
    return err(
      thawError('usage', 'A run that goes on with another plan needs to know for how long.', {
        expected: '--epochs of at least 1',
        remedy: 'Say --epochs, or nothing to go on as planned.',
      }),
    );
  const usual = isThawed ? defaultTrainSettings.fineTuneLearningRate : defaultTrainSettings.learningRate;
  return ok({ thawFrom: thawFrom ?? null, thaw: thaw ?? [], epochs, learningRate: learningRate ?? usual });
}
