import type { ThawError } from '../../../../../shared/errors.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { OpenRun } from '../../../project/run/openRun.ts';

/** A context that writes into the run's log what happens: messages, epochs, pauses. */
export function loggedContext(context: JobContext, run: OpenRun): JobContext {
  const write = (...line: Parameters<OpenRun['log']>): void => {
    // What the disk refuses, the next line that is waited for tells.
    run.log(...line).catch(() => undefined);
  };
  let isPaused = false;
  return {
    ...context,
    emit(event) {
      context.emit(event);
      if (event.type === 'log') write(event.message, event.level);
      if (event.type !== 'epoch') return;
      const { epoch, phase, loss, accuracy, valLoss, valAccuracy } = event.metrics;
      const [trained, validated] = [score(loss, accuracy), score(valLoss, valAccuracy)];
      write(`epoch ${epoch} (${phase}): ${trained}; validation ${validated}`);
    },
    async gate() {
      if (!context.isHeld() || isPaused) {
        await context.gate();
        return;
      }
      isPaused = true;
      write('paused');
      await context.gate();
      isPaused = false;
      if (!context.signal.aborted) write('going on');
    },
  };
}

/** Writes why a training ended before its end. */
export async function logEnd(run: OpenRun, error: ThawError): Promise<void> {
  if (error.code === 'cancelled') await run.log('broken off');
  else await run.log(`failed: ${error.message}`, 'warning');
}

function score(loss: number, accuracy: number): string {
  return `loss ${loss.toPrecision(4)}, accuracy ${(100 * accuracy).toFixed(1)} %`;
}
