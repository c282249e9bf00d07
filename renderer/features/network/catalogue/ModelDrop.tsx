import { useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { useCatalogue } from '../../../stores/catalogue.ts';
import { contentsOf } from '../../data/take/dropped.ts';
import { FileButton } from './FileButton.tsx';
import { useTakeModel } from './useTakeModel.ts';

const text = messages.catalogue;

/** Takes a model or a weights file: dropped, chosen, or by its path on the engine's machine. */
export function ModelDrop() {
  const { take, isCopying } = useTakeModel();
  const [isOver, setIsOver] = useState(false);
  const [path, setPath] = useState('');
  return (
    <div
      className={isOver ? 'model-drop over' : 'model-drop'}
      data-testid="model-drop"
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
        void contentsOf(event.dataTransfer).then((dropped) => take(dropped, null));
      }}
    >
      <p>{isCopying ? text.reading : text.drop}</p>
      <FileButton label={text.choose} accessibleName={text.choose} architecture={null} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '') void useCatalogue.getState().take(path.trim(), null);
        }}
      >
        <input
          aria-label={text.path}
          placeholder={text.path}
          value={path}
          onChange={(event) => {
            setPath(event.target.value);
          }}
        />
        <button type="submit">{text.open}</button>
      </form>
    </div>
  );
}
