import type { Evaluation } from '../../../shared/domain/metrics.ts';
import { imageUrl } from '../../../shared/ipc/studio/studio.ts';
import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { engineToken } from '../../stores/engine.ts';

/** A cell of the confusion matrix. */
export interface Cell {
  readonly label: string;
  readonly predicted: string;
}

interface ImagesProps {
  readonly evaluation: Evaluation;
  /** Only those of this cell; null for the mistakes. */
  readonly cell: Cell | null;
  onShowAll(): void;
}

/** The images of a cell, or all that the model took for something else, the most confident first. */
export function Images({ evaluation, cell, onShowAll }: ImagesProps) {
  const dataset = useDataset((state) => state.dataset);
  const text = messages.insight;
  const { mistakes, cells, confusion, classes } = evaluation;
  const shown = cell === null ? mistakes : imagesOf(cells, cell);
  const count = cell === null ? shown.length : countOf(classes, confusion, cell);
  return (
    <section className="ask">
      <div className="row">
        <h2>{cell === null ? text.mistakes : titleOf(cell)}</h2>
        {count > shown.length && <span className="muted">{text.some(shown.length, count)}</span>}
        {cell !== null && (
          <button type="button" onClick={onShowAll}>
            {text.all}
          </button>
        )}
      </div>
      {shown.length === 0 && <p className="muted">{text.noMistakes}</p>}
      <ul className="mistakes" data-testid="mistakes">
        {shown.map(({ image, label, predicted, confidence }) => (
          <li key={image} className={label === predicted ? 'right' : 'wrong'}>
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

function titleOf({ label, predicted }: Cell): string {
  const text = messages.insight;
  return label === predicted ? text.rightOf(label) : text.mistakesOf(label, predicted);
}

function imagesOf(cells: Evaluation['cells'], { label, predicted }: Cell): Evaluation['mistakes'] {
  const own = cells.find((one) => one.label === label && one.predicted === predicted);
  return (own?.images ?? []).map((image) => ({ ...image, label, predicted }));
}

function countOf(classes: Evaluation['classes'], confusion: Evaluation['confusion'], cell: Cell): number {
  const place = (name: string): number => classes.findIndex((one) => one.class === name);
  return confusion[place(cell.label)]?.[place(cell.predicted)] ?? 0;
}
