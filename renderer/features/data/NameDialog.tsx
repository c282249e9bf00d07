import { Dialog } from '@base-ui/react/dialog';
import { useId, useRef, useState } from 'react';
import { messages } from '../../messages/index.ts';

interface NameDialogProps {
  readonly title: string;
  readonly action: string;
  readonly initial?: string;
  /** Names that are offered. */
  readonly suggestions?: readonly string[];
  /** Names that cannot be chosen. */
  readonly taken?: readonly string[];
  onName(name: string): void;
  onClose(): void;
}

/** Asks for the name of a class. */
export function NameDialog(props: NameDialogProps) {
  const { title, action, initial = '', suggestions = [], taken = [], onName, onClose } = props;
  const [name, setName] = useState(initial);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const text = messages.data;
  const plain = name.trim();
  const isTaken = taken.includes(plain) && plain !== initial;
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" initialFocus={field}>
          <Dialog.Title>{title}</Dialog.Title>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (plain === '' || isTaken) return;
              onName(plain);
              onClose();
            }}
          >
            <label className="stack">
              {text.className}
              <input
                ref={field}
                value={name}
                maxLength={100}
                list={suggestions.length > 0 ? list : undefined}
                aria-invalid={isTaken}
                onChange={(event) => {
                  setName(event.target.value);
                }}
              />
            </label>
            {suggestions.length > 0 && (
              <datalist id={list}>
                {suggestions.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            )}
            {isTaken && <p role="alert">{text.nameTaken(plain)}</p>}
            <div className="row">
              <Dialog.Close>{text.cancel}</Dialog.Close>
              <button type="submit" disabled={plain === '' || isTaken}>
                {action}
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
