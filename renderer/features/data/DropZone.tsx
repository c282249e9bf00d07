import { useRef, useState } from 'react';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/dataset.ts';
import { engineToken } from '../../stores/engine.ts';
import type { DroppedFile } from './dropped.ts';
import { filesOfDrop, filesOfInput } from './dropped.ts';
import { uploadDataset } from './upload.ts';

/** Takes a folder, zip or CSV dropped on it, or chosen, and opens it. */
export function DropZone() {
  const { hello, report } = useApp();
  const openDataset = useDataset((state) => state.open);
  const [isOver, setIsOver] = useState(false);
  const [copied, setCopied] = useState<{ done: number; total: number } | null>(null);
  const abort = useRef<AbortController | null>(null);
  const text = messages.data;

  const take = async (files: readonly DroppedFile[]): Promise<void> => {
    if (hello === null || files.length === 0 || copied !== null) return;
    const controller = new AbortController();
    abort.current = controller;
    setCopied({ done: 0, total: files.length });
    const place = await uploadDataset(files, engineToken(), controller.signal, (done) => {
      setCopied({ done, total: files.length });
    });
    setCopied(null);
    if (place.ok) await openDataset(`${hello.datasets}/${place.value}`);
    else report(place.error);
  };

  return (
    <div
      className={isOver ? 'drop over' : 'drop'}
      data-testid="drop"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => {
        setIsOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        void filesOfDrop(event.dataTransfer.items).then(take);
      }}
    >
      {copied === null ? (
        <>
          <p>{text.drop}</p>
          <label className="button">
            {text.chooseFolder}
            <input
              type="file"
              className="unseen"
              multiple
              {...{ webkitdirectory: '' }}
              onChange={(event) => {
                const { files } = event.target;
                const chosen = files === null ? [] : filesOfInput(files);
                event.target.value = '';
                void take(chosen);
              }}
            />
          </label>
        </>
      ) : (
        <>
          <label className="progress">
            {text.copying(copied.done, copied.total)}
            <progress value={copied.done} max={copied.total} />
          </label>
          <button
            type="button"
            onClick={() => {
              abort.current?.abort();
            }}
          >
            {text.cancel}
          </button>
        </>
      )}
    </div>
  );
}
