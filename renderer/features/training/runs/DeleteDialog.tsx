import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { RunSummary } from '../../../../shared/ipc/training/runs.ts';
import { messages } from '../../../messages/index.ts';
import { useRuns } from '../../../stores/training/runs.ts';
import { say } from '../../../ui/toasts.ts';

interface DeleteDialogProps {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  onClose(): void;
}

/** Asks before a run is deleted, and says that nothing brings it back. */
export function DeleteDialog({ run, isOpen, onClose }: DeleteDialogProps) {
  const remove = useRuns((state) => state.remove);
  const text = messages.runs;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={onClose}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title>{text.removeTitle(run.title)}</AlertDialog.Title>
          <AlertDialog.Description>{text.removeText}</AlertDialog.Description>
          <p className="muted">{run.run}</p>
          <div className="row">
            <AlertDialog.Close>{text.cancel}</AlertDialog.Close>
            <button
              type="button"
              className="danger"
              onClick={() => {
                onClose();
                void remove(run.run).then(() => {
                  say(text.removed(run.title));
                });
              }}
            >
              {text.removeDo}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
