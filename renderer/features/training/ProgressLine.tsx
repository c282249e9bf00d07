import type { JobEvent } from '../../../shared/ipc/events.ts';
import { messages } from '../../messages/index.ts';
import { useTraining } from '../../stores/training/training.ts';

/** What is under way within an epoch or before the first. */
export function ProgressLine() {
  const body = useTraining((state) => state.training.progress);
  const described = body === null ? null : describe(body);
  if (described === null) return null;
  return (
    <label className="progress">
      <span className="muted">{described.text}</span>
      <progress
        value={described.total === null ? undefined : described.done}
        max={described.total ?? undefined}
      />
    </label>
  );
}

function describe(body: JobEvent['body']): { text: string; done: number; total: number | null } | null {
  switch (body.type) {
    case 'scan':
      return { text: messages.data.scanning(body.done, body.total), done: body.done, total: body.total };
    case 'features':
      return { text: messages.training.features(body.done, body.total), done: body.done, total: body.total };
    case 'progress':
      return { text: body.what, done: body.done, total: body.total };
    case 'batch':
      return {
        text: messages.training.figures.step(body.epoch, body.batch, body.batches),
        done: body.batch,
        total: body.batches,
      };
    default:
      return null;
  }
}
