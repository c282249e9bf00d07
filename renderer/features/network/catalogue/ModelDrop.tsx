import { useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { useCatalogue } from '../../../stores/network/catalogue.ts';
import { useDropTarget } from '../../../ui/useDropTarget.ts';
import { contentsOf } from '../../data/take/dropped.ts';
import { FileButton } from './FileButton.tsx';
import { useTakeModel } from './useTakeModel.ts';

const text = messages.catalogue;

/** Takes a model or a weights file: dropped, chosen, or by its path on the engine's machine. */
export function ModelDrop() {
  const { take, isCopying } = useTakeModel();
  const { isOver, handlers } = useDropTarget({
    onDrop: (transfer) => void contentsOf(transfer).then((dropped) => take(dropped, null)),
  });
  const [path, setPath] = useState('');
  return (
    <div className={isOver ? 'model-drop over' : 'model-drop'} data-testid="model-drop" {...handlers}>
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
