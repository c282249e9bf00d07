import type { Mistake } from '../../../shared/domain/metrics.ts';
import { imageUrl } from '../../../shared/ipc/studio.ts';
import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useDataset } from '../../stores/dataset.ts';
import { engineToken } from '../../stores/engine.ts';

/** A cell of the confusion matrix off its diagonal. */
export interface Cell {
  readonly label: string;
  readonly predicted: string;
}

interface MistakesProps {
  readonly mistakes: readonly Mistake[];
  /** Only those of this cell; null for all. */
  readonly cell: Cell | null;
  onShowAll(): void;
}

/** Images the model took for something else, the most confident first. */
export function Mistakes({ mistakes, cell, onShowAll }: MistakesProps) {
  const dataset = useDataset((state) => state.dataset);
  const text = messages.insight;
  const shown =
    cell === null
      ? mistakes
      : mistakes.filter(({ label, predicted }) => label === cell.label && predicted === cell.predicted);
  return (
    <section className="ask">
      <div className="row">
        <h2>{cell === null ? text.mistakes : text.mistakesOf(cell.label, cell.predicted)}</h2>
        {cell !== null && (
          <button type="button" onClick={onShowAll}>
            {text.all}
          </button>
        )}
      </div>
      {mistakes.length === 0 && <p className="muted">{text.noMistakes}</p>}
      <ul className="mistakes" data-testid="mistakes">
        {shown.map(({ image, label, predicted, confidence }) => (
          <li key={image}>
            {dataset !== null && (
              <img src={imageUrl(dataset.location, image, engineToken())} alt={image} loading="lazy" />
            )}
            <strong>{label}</strong>
            <span className="muted">{text.taken(predicted, percentText(confidence))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
