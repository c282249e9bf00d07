import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import type { Choice } from '../../../shared/ipc/studio/host.ts';
import type { ProjectView } from '../../../shared/ipc/project/project.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { host } from '../../bridge/index.ts';
import { messages } from '../../messages/index.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { ErrorDetails } from '../../ui/ErrorDetails.tsx';
import { Icon } from '../../ui/Icon.tsx';

/** Asks where a project's images are now when they are not where they were; decisions and runs stay as they are. */
export function MovedDialog() {
  const moved = useDataset((state) => state.moved);
  const close = useDataset((state) => state.forgetMoved);
  const missing = moved?.datasets.find(({ isMissing }) => isMissing);
  if (moved === null || missing === undefined) return null;
  const text = messages.data.moved;
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide moved">
          <Dialog.Title>{text.title(moved.name)}</Dialog.Title>
          <Dialog.Description>{text.explain}</Dialog.Description>
          <dl className="facts">
            <div>
              <dt>{text.before}</dt>
              <dd>{missing.location}</dd>
            </div>
          </dl>
          <NewPlace key={missing.key} missing={missing} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function NewPlace({ missing }: { readonly missing: ProjectView['datasets'][number] }) {
  const relocate = useDataset((state) => state.relocate);
  const [place, setPlace] = useState(missing.location);
  const [error, setError] = useState<ThawError | null>(null);
  const [isLooking, setIsLooking] = useState(false);
  const text = messages.data.moved;
  const take = async (location: string): Promise<void> => {
    setIsLooking(true);
    const found = await relocate(missing.key, location);
    setIsLooking(false);
    setError(found.ok ? null : found.error);
  };
  const choose = async (choice: Choice): Promise<void> => {
    const chosen = await host().choose(choice);
    if (!chosen.ok) setError(chosen.error);
    else if (chosen.value[0] !== undefined) await take(chosen.value[0]);
  };
  return (
    <>
      {error !== null && (
        <ErrorDetails
          className="error"
          error={error}
          onDismiss={() => {
            setError(null);
          }}
        />
      )}
      {host().canChoose ? (
        <div className="row">
          <button type="button" disabled={isLooking} onClick={() => void choose('dataset-folder')}>
            <Icon name="folder" size={16} />
            {messages.data.chooseFolder}
          </button>
          <button type="button" disabled={isLooking} onClick={() => void choose('dataset-file')}>
            {messages.data.chooseFile}
          </button>
          <Dialog.Close>{messages.data.cancel}</Dialog.Close>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (place.trim() !== '') void take(place.trim());
          }}
        >
          <label className="stack">
            {text.now}
            <input
              value={place}
              onChange={(event) => {
                setPlace(event.target.value);
              }}
            />
          </label>
          <div className="row">
            <button type="submit" className="primary" disabled={isLooking || place.trim() === ''}>
              {text.use}
            </button>
            <Dialog.Close>{messages.data.cancel}</Dialog.Close>
          </div>
        </form>
      )}
    </>
  );
}
