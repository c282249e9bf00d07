import { JobManager } from '../engine/jobs/jobManager.ts';
import { operations } from '../engine/operations/index.ts';
import { hostPort } from './port.ts';
import { serve } from './serve.ts';

/** Entry of the engine's own process: commands in, events out. */
const port = hostPort();
if (port) {
  serve(port, new JobManager(operations), () => process.exit(0));
} else {
  process.stderr.write('The engine process is started by Thaw itself; for the command line run `thaw`.\n');
  process.exitCode = 2;
}
