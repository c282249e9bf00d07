import { messages } from '../../../messages/index.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { useDropTarget } from '../../../ui/useDropTarget.ts';
import { contentsOf, filesOfInput } from './dropped.ts';
import { take, useTake } from './take.ts';
import { Transfer } from './Transfer.tsx';

/** Takes a folder, zip, CSV or images dropped on it, or chosen, and opens them. */
export function DropZone() {
  const isBusy = useTake((state) => state.transfer !== null);
  const { isOver, handlers } = useDropTarget({
    onDrop: (transfer) => void contentsOf(transfer).then(take),
  });
  const text = messages.data;
  return (
    <div className={isOver ? 'drop over' : 'drop'} data-testid="drop" {...handlers}>
      {isBusy ? (
        <Transfer />
      ) : (
        <>
          <Icon name="image" size={30} />
          <p>{text.drop}</p>
          <div className="row">
            <FileButton label={text.chooseFolder} isFolder />
            <FileButton label={text.chooseFile} accept=".zip,.csv,.tsv" />
          </div>
        </>
      )}
    </div>
  );
}

interface FileButtonProps {
  readonly label: string;
  readonly isFolder?: boolean;
  readonly accept?: string;
}

/** Opens the browser's own dialog, and takes what is chosen in it. */
export function FileButton({ label, isFolder = false, accept }: FileButtonProps) {
  return (
    <label className="button">
      {label}
      <input
        type="file"
        className="unseen"
        multiple={isFolder}
        accept={accept}
        {...(isFolder && { webkitdirectory: '' })}
        onChange={(event) => {
          const { files } = event.target;
          const chosen = files === null ? [] : filesOfInput(files);
          event.target.value = '';
          void take({ kind: 'files', files: chosen });
        }}
      />
    </label>
  );
}
