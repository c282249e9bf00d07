import type { Command } from 'commander';
import { formatDoctor } from '../../engine/runtime/doctor.ts';
import type { DoctorReport } from '../../../shared/ipc/doctorReport.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';

/** `thaw doctor`. */
export function doctorVerb(io: Io, end: (code: number) => void): Command {
  return verb(
    'doctor',
    'what the engine found, and what to do about anything missing; sets up the native runtime',
  )
    .option('--no-provision', 'only look; set nothing up')
    .action(async (options: CommonOptions & { provision: boolean }) => {
      const job = { job: 'doctor' as const, provision: options.provision };
      const result = await runJob<DoctorReport>(io, options, job);
      const code = finish(io, options, result, formatDoctor);
      end(code === 0 && result.ok && result.value.trainer === 'none' ? 4 : code);
    });
}
