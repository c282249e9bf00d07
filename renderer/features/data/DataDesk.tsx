import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { useImages } from '../../stores/data/images.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useDropTarget } from '../../ui/useDropTarget.ts';
import { PathForm } from './OpenData.tsx';
import { ClassList } from './classes/ClassList.tsx';
import { FindingKinds } from './findings/FindingKinds.tsx';
import { FindingView } from './findings/FindingView.tsx';
import { GridToolbar } from './grid/GridToolbar.tsx';
import { ImageGrid } from './grid/ImageGrid.tsx';
import { SidePanel } from './panel/SidePanel.tsx';
import { DropZone } from './take/DropZone.tsx';
import { Transfer } from './take/Transfer.tsx';
import { bringsFiles, contentsOf } from './take/dropped.ts';
import { take } from './take/take.ts';

/** The open project: classes and findings, images, and what is known of them. Files dropped on it are opened. */
export function DataDesk() {
  const view = useImages((state) => state.view);
  const { isOver, handlers } = useDropTarget({
    accepts: bringsFiles,
    onDrop: (transfer) => void contentsOf(transfer).then(take),
  });
  const [isMoving, setIsMoving] = useState(false);
  const text = messages.data;
  return (
    <div className={isOver ? 'data-desk over' : 'data-desk'} data-testid="drop" {...handlers}>
      <div className="data-side">
        <ClassList />
        <FindingKinds />
        <OpenOther />
      </div>
      <section className="data-main" aria-label={text.grid}>
        <Transfer />
        {view.type === 'findings' ? (
          <FindingView key={view.kind} kind={view.kind} />
        ) : (
          <>
            <GridToolbar isMoving={isMoving} onMoving={setIsMoving} />
            <ImageGrid
              onMove={() => {
                setIsMoving(true);
              }}
            />
          </>
        )}
        {isOver && <p className="drop-hint">{text.dropAnywhere}</p>}
      </section>
      <SidePanel />
    </div>
  );
}

/** Opens other images, or begins a project without any. */
function OpenOther() {
  const hello = useApp((state) => state.hello);
  const { open, begin } = useDataset();
  const [isOpen, setIsOpen] = useState(false);
  const text = messages.data;
  return (
    <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
      <Dialog.Trigger className="open-other">
        <Icon name="folder" size={16} />
        {text.openOther}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title>{text.openOther}</Dialog.Title>
          <Dialog.Description className="muted">{text.hint}</Dialog.Description>
          <DropZone />
          <PathForm />
          <div className="row">
            <button type="button" onClick={() => void begin(text.emptyName)}>
              {text.empty}
            </button>
            <button
              type="button"
              disabled={hello === null}
              onClick={() => {
                if (hello !== null) void open(hello.sample);
              }}
            >
              {text.sample}
            </button>
            <Dialog.Close>{text.close}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
