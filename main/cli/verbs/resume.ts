import type { Command } from 'commander';
import type { TrainResult } from '../../../shared/domain/run.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';
import { describeTraining } from './train.ts';

/** `thaw resume RUN`. */
export function resumeVerb(io: Io, end: (code: number) => void): Command {
  return verb('resume', 'go on with a run that was interrupted, from its last epoch')
    .argument('<run>', 'folder of the run')
    .action(async (run: string, options: CommonOptions) => {
      end(
        finish(io, options, await runJob<TrainResult>(io, options, { job: 'resume', run }), describeTraining),
      );
    });
}
