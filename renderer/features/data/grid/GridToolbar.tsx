import { useState } from 'react';
import type { SplitName } from '../../../../shared/domain/dataset.ts';
import { splitNames } from '../../../../shared/domain/project/project.ts';
import { messages } from '../../../messages/index.ts';
import { countText } from '../../../format.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import type { DataView } from '../../../stores/data/images.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { CameraDialog } from '../camera/CameraDialog.tsx';
import { AddImages } from './AddImages.tsx';
import { SelectionActions } from './SelectionActions.tsx';
import { UndoButtons } from './UndoButtons.tsx';

interface ToolbarProps {
  readonly isMoving: boolean;
  onMoving(isMoving: boolean): void;
}

/** What is shown, which side of it, and what can be done with it or with what is selected. */
export function GridToolbar({ isMoving, onMoving }: ToolbarProps) {
  const dataset = useDataset((state) => state.dataset);
  const view = useImages((state) => state.view);
  const total = useImages((state) => state.total);
  const selected = useImages((state) => state.selected);
  const [isCamera, setIsCamera] = useState(false);
  const text = messages.data;
  if (dataset === null) return null;
  const label = view.type === 'images' ? view.label : null;
  const title = view.type === 'set-aside' ? text.setAside : label;
  return (
    <div className="grid-toolbar">
      {selected.size > 0 ? (
        <SelectionCount />
      ) : (
        <>
          <h2>
            {title ?? text.summary(dataset.images, dataset.classes.length)}
            {title !== null && total !== null && <span className="muted"> {countText(total)}</span>}
          </h2>
          {view.type === 'images' && <SideFilter view={view} />}
        </>
      )}
      <span className="spring" />
      {selected.size > 0 ? (
        <SelectionActions isMoving={isMoving} onMoving={onMoving} />
      ) : (
        label !== null && (
          <>
            <AddImages label={label} />
            <button
              type="button"
              onClick={() => {
                setIsCamera(true);
              }}
            >
              <Icon name="camera" size={16} />
              {text.camera}
            </button>
          </>
        )
      )}
      <UndoButtons />
      {isCamera && label !== null && (
        <CameraDialog
          label={label}
          onClose={() => {
            setIsCamera(false);
          }}
        />
      )}
    </div>
  );
}

/** How many images are selected, where the title stands otherwise: so the grid below does not move. */
function SelectionCount() {
  const selected = useImages((state) => state.selected);
  const clear = useImages((state) => state.clear);
  const text = messages.data;
  return (
    <span className="selection" role="status">
      {text.selected(selected.size)}
      <button type="button" className="bare" onClick={clear}>
        {text.clear}
      </button>
    </span>
  );
}

/** Shows only images of one side of the split. */
function SideFilter({ view }: { readonly view: Extract<DataView, { type: 'images' }> }) {
  const show = useImages((state) => state.show);
  const text = messages.data;
  return (
    <select
      aria-label={text.sideFilter}
      value={view.side ?? ''}
      onChange={(event) => {
        const { value } = event.target;
        show({ ...view, side: value === '' ? null : (value as SplitName) });
      }}
    >
      <option value="">{text.anySide}</option>
      {splitNames.map((side) => (
        <option key={side} value={side}>
          {text.sides[side]}
        </option>
      ))}
    </select>
  );
}
