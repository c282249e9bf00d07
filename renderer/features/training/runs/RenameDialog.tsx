import { useState } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import type { RunSummary } from '../../../../shared/ipc/training/runs.ts';
import { messages } from '../../../messages/index.ts';
import { useRuns } from '../../../stores/training/runs.ts';

interface RunDialogProps {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  onClose(): void;
}

/** Asks for a run's title. */
export function RenameDialog({ run, isOpen, onClose }: RunDialogProps) {
  const rename = useRuns((state) => state.rename);
  const [title, setTitle] = useState(run.title);
  const text = messages.runs;
  return (
    <Dialog.Root open={isOpen} onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{text.renameTitle}</Dialog.Title>
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              void rename(run.run, title.trim());
              onClose();
            }}
          >
            <input
              aria-label={text.renameTitle}
              value={title}
              maxLength={200}
              onChange={(event) => {
                setTitle(event.target.value);
              }}
            />
            <Dialog.Close>{text.cancel}</Dialog.Close>
            <button type="submit" disabled={title.trim() === ''}>
              {text.save}
            </button>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
