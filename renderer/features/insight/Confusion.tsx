import type { Evaluation } from '../../../shared/domain/metrics.ts';
import { messages } from '../../messages/index.ts';
import type { Cell } from './Images.tsx';

/** Five steps of shade, by the share of the true class. */
const shades = 5;

interface ConfusionProps {
  readonly evaluation: Evaluation;
  readonly open: Cell | null;
  onOpen(cell: Cell): void;
}

/** The confusion matrix; a cell opens its images. */
export function Confusion({ evaluation, open, onOpen }: ConfusionProps) {
  const names = evaluation.classes.map((one) => one.class);
  return (
    <div className="wide">
      <table className="confusion">
        <caption>{messages.insight.confusion}</caption>
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {evaluation.confusion.map((row, index) => (
            <ConfusionRow
              key={names[index]}
              names={names}
              index={index}
              row={row}
              open={open}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Pick<ConfusionProps, 'open' | 'onOpen'> {
  readonly names: readonly string[];
  readonly index: number;
  readonly row: readonly number[];
}

function ConfusionRow({ names, index, row, open, onOpen }: RowProps) {
  const label = names[index] ?? '';
  const total = Math.max(
    1,
    row.reduce((sum, count) => sum + count, 0),
  );
  return (
    <tr>
      <th scope="row">{label}</th>
      {row.map((count, column) => {
        const predicted = names[column] ?? '';
        const isOpen = open?.label === label && open.predicted === predicted;
        return (
          <td
            key={predicted}
            className={`${column === index ? 'right' : 'wrong'} shade-${Math.ceil((shades * count) / total)}`}
          >
            {count === 0 ? (
              <span className="none">0</span>
            ) : (
              <button
                type="button"
                aria-pressed={isOpen}
                aria-label={messages.insight.open(label, predicted, count)}
                onClick={() => {
                  onOpen({ label, predicted });
                }}
              >
                {count}
              </button>
            )}
          </td>
        );
      })}
    </tr>
  );
}
