import { useId } from 'react';
import type { AugmentStrength } from '../../../../shared/domain/run.ts';
import type { ImageRow } from '../../../../shared/ipc/dataset/images.ts';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { isBusy } from '../../../stores/training/state.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { ViewStrip } from '../../views/ViewStrip.tsx';

/** How much training varies the images, chosen with the result in view. */
export function Variations({ row }: { readonly row: ImageRow }) {
  const id = useId();
  const folder = useDataset((state) => state.project?.folder ?? '');
  const augment = useTraining((state) => state.choice.augment);
  const choose = useTraining((state) => state.choose);
  const isFixed = useTraining((state) => isBusy(state.training.state));
  const { choices } = messages.training.fields.augment;
  const text = messages.views;
  return (
    <section className="stack variations">
      <div className="views-choice">
        <h2 className="label" id={id}>
          {text.title}
        </h2>
        <select
          aria-labelledby={id}
          value={augment}
          disabled={isFixed}
          onChange={(event) => {
            choose({ augment: event.target.value as AugmentStrength });
          }}
        >
          {Object.entries(choices).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {augment === 'none' ? (
        <p className="muted">{text.none}</p>
      ) : (
        <ViewStrip dataset={folder} path={row.path} version={row.version} />
      )}
    </section>
  );
}
