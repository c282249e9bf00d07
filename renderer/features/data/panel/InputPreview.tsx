import type { ImageRow } from '../../../../shared/ipc/dataset/images.ts';
import { resizePolicies } from '../../../../shared/domain/dataset.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { change } from '../../../stores/data/decisions.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { pictureUrl } from '../picture.ts';

/** An image as the backbone is given it, pixel for pixel, by each resize policy; the one to train with is chosen here. */
export function InputPreview({ row }: { readonly row: ImageRow }) {
  const project = useDataset((state) => state.project);
  const model = usePlan((state) => state.model);
  const text = messages.data;
  const [height, width] = model?.inputShape ?? [];
  if (project === null || height === undefined || width === undefined) return null;
  const chosen = project.training.resize ?? defaultTrainSettings.resize;
  return (
    <section className="stack" aria-label={text.networkSees(width)}>
      <h2 className="label">{text.networkSees(width)}</h2>
      <ul className="inputs">
        {resizePolicies.map((resize) => (
          <li key={resize}>
            <button
              type="button"
              className="input-choice"
              aria-pressed={resize === chosen}
              title={resize === chosen ? text.policyUsed : text.usePolicy(text.resize[resize])}
              onClick={() => {
                if (resize !== chosen)
                  void change({ type: 'training', training: { ...project.training, resize } });
              }}
            >
              <img
                src={pictureUrl(project.folder, row, { as: 'input', width, height, resize })}
                alt=""
                width={width}
                height={height}
              />
              <span>
                {text.resize[resize]}
                {resize === chosen && <Icon name="check" size={13} />}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="muted">{text.resizeHelp[chosen]}</p>
    </section>
  );
}
