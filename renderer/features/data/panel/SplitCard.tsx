import { useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { SplitDialog } from './SplitDialog.tsx';

/** How the images are divided, and the way to change it. */
export function SplitCard() {
  const { dataset, project } = useDataset();
  const [isOpen, setIsOpen] = useState(false);
  const text = messages.data;
  if (dataset === null || project === null) return null;
  const { split } = dataset;
  return (
    <section className="stack split-card">
      <div className="side-head">
        <h2 className="label">{text.splitTitle}</h2>
        <button
          type="button"
          className="bare"
          onClick={() => {
            setIsOpen(true);
          }}
        >
          {text.adjust}
        </button>
      </div>
      {split === null ? (
        <p className="muted">{text.noSplit}</p>
      ) : (
        <>
          <div className="split-bar" aria-hidden>
            <span className="train" style={{ flexGrow: split.train }} />
            <span className="validation" style={{ flexGrow: split.validation }} />
            {split.test > 0 && <span className="test" style={{ flexGrow: split.test }} />}
          </div>
          <p>{text.splitText(split.train, split.validation, split.test)}</p>
        </>
      )}
      {isOpen && (
        <SplitDialog
          split={project.split}
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </section>
  );
}
