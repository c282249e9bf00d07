import type { ProjectView } from '../../../../shared/ipc/project/project.ts';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { redo, undo } from '../../../stores/data/decisions.ts';
import { Icon } from '../../../ui/Icon.tsx';

/** Takes the last decision back, or takes it again; each says which. */
export function UndoButtons() {
  const project = useDataset((state) => state.project);
  const text = messages.data;
  const undoText = text.undo(describe(project?.undo ?? null));
  const redoText = text.redo(describe(project?.redo ?? null));
  return (
    <span className="undo">
      <button
        type="button"
        className="square"
        aria-label={undoText}
        title={undoText}
        disabled={(project?.undo ?? null) === null}
        onClick={() => void undo()}
      >
        <Icon name="undo" size={16} />
      </button>
      <button
        type="button"
        className="square"
        aria-label={redoText}
        title={redoText}
        disabled={(project?.redo ?? null) === null}
        onClick={() => void redo()}
      >
        <Icon name="redo" size={16} />
      </button>
    </span>
  );
}

function describe(step: ProjectView['undo']): string {
  return step === null ? '' : messages.data.decision[step.type](step.images, step.name);
}
