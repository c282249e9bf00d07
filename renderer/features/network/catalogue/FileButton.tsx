import { useRef } from 'react';
import { filesOfInput } from '../../data/take/dropped.ts';
import { useTakeModel } from './useTakeModel.ts';

interface FileButtonProps {
  readonly label: string;
  readonly accessibleName: string;
  /** The architecture the file's weights are for; null: a model, or the file tells. */
  readonly architecture: string | null;
}

/** Chooses a file and hands it over. */
export function FileButton({ label, accessibleName, architecture }: FileButtonProps) {
  const { take, isCopying } = useTakeModel();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        disabled={isCopying}
        aria-label={accessibleName}
        onClick={() => {
          input.current?.click();
        }}
      >
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple={architecture === null}
        className="unseen"
        tabIndex={-1}
        aria-hidden
        data-architecture={architecture ?? ''}
        onChange={(event) => {
          const { files } = event.target;
          const chosen = files === null ? [] : filesOfInput(files);
          event.target.value = '';
          void take({ kind: 'files', files: chosen }, architecture);
        }}
      />
    </>
  );
}
