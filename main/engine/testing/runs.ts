import type { TrainResult } from '../../../shared/domain/run.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import type { JobContext } from '../jobs/context.ts';
import { quietContext } from '../jobs/context.ts';

/** What must be the same when a training is repeated. */
export const numbers = ({ epochs }: Pick<TrainResult, 'epochs'>) =>
  epochs.map(({ epoch, phase, loss, accuracy, valLoss, valAccuracy }) => [
    epoch,
    phase,
    loss,
    accuracy,
    valLoss,
    valAccuracy,
  ]);

/** A context whose events are kept. */
export function recording(): { context: JobContext; events: JobEvent['body'][] } {
  const events: JobEvent['body'][] = [];
  return { events, context: { ...quietContext(), emit: (event) => events.push(event) } };
}
