import { useEffect, useState } from 'react';
import type { Evaluation, Prediction } from '../../../shared/domain/metrics.ts';
import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useInsight } from '../../stores/insight.ts';
import { useTraining } from '../../stores/training.ts';
import { Mistakes } from './Mistakes.tsx';
import type { Cell } from './Mistakes.tsx';
import './insight.css';

/** Where the model is right and where it errs. */
export function InsightStation() {
  const { run: measured, evaluation, evaluate } = useInsight();
  const run = useTraining((state) => state.training.result?.run);
  const text = messages.insight;
  useEffect(() => {
    if (run !== undefined) void evaluate(run);
  }, [run, evaluate]);
  if (run === undefined) return <p className="notice">{text.needsRun}</p>;
  return (
    <div className="page">
      {evaluation === null || measured !== run ? (
        <p className="muted">{text.measuring}</p>
      ) : (
        <Measured evaluation={evaluation} />
      )}
      <Ask run={run} />
    </div>
  );
}

function Measured({ evaluation }: { readonly evaluation: Evaluation }) {
  const [cell, setCell] = useState<Cell | null>(null);
  const text = messages.insight;
  const figures = [
    [text.accuracy, percentText(evaluation.accuracy)],
    [text.loss, evaluation.loss.toFixed(3)],
    [text.calibration, percentText(evaluation.calibration.expectedCalibrationError)],
  ] as const;
  return (
    <>
      <h1>{text.title(evaluation.images)}</h1>
      <dl className="row figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Confusion evaluation={evaluation} onOpen={setCell} />
      <Mistakes
        mistakes={evaluation.mistakes}
        cell={cell}
        onShowAll={() => {
          setCell(null);
        }}
      />
      <PerClass evaluation={evaluation} />
    </>
  );
}

/** Five steps of shade, by the share of the true class. */
const shades = 5;

interface ConfusionProps {
  readonly evaluation: Evaluation;
  onOpen(cell: Cell): void;
}

function Confusion({ evaluation, onOpen }: ConfusionProps) {
  const names = evaluation.classes.map((one) => one.class);
  return (
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
        {evaluation.confusion.map((row, index) => {
          const total = Math.max(
            1,
            row.reduce((sum, count) => sum + count, 0),
          );
          return (
            <tr key={names[index]}>
              <th scope="row">{names[index]}</th>
              {row.map((count, column) => (
                <td
                  key={names[column]}
                  className={`${column === index ? 'right' : 'wrong'} shade-${Math.ceil((shades * count) / total)}`}
                >
                  {count > 0 && column !== index ? (
                    <button
                      type="button"
                      aria-label={messages.insight.open(names[index] ?? '', names[column] ?? '', count)}
                      onClick={() => {
                        onOpen({ label: names[index] ?? '', predicted: names[column] ?? '' });
                      }}
                    >
                      {count}
                    </button>
                  ) : (
                    count
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function PerClass({ evaluation }: { readonly evaluation: Evaluation }) {
  const { columns, perClass } = messages.insight;
  return (
    <table>
      <caption>{perClass}</caption>
      <thead>
        <tr>
          {[columns.name, columns.precision, columns.recall, columns.f1, columns.support].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {evaluation.classes.map((one) => (
          <tr key={one.class}>
            <th scope="row">{one.class}</th>
            <td>{percentText(one.precision)}</td>
            <td>{percentText(one.recall)}</td>
            <td>{percentText(one.f1)}</td>
            <td>{one.support}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Ask({ run }: { readonly run: string }) {
  const { predict, prediction } = useInsight();
  const [image, setImage] = useState('');
  const text = messages.insight;
  return (
    <section className="ask">
      <h2>{text.predict}</h2>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (image.trim() !== '') void predict(run, image.trim());
        }}
      >
        <input
          aria-label={text.path}
          placeholder={text.path}
          value={image}
          onChange={(event) => {
            setImage(event.target.value);
          }}
        />
        <button type="submit" disabled={image.trim() === ''}>
          {text.ask}
        </button>
      </form>
      {prediction !== null && <Bars prediction={prediction} />}
    </section>
  );
}

function Bars({ prediction }: { readonly prediction: Prediction }) {
  const sorted = Object.entries(prediction.probabilities).sort(([, a], [, b]) => b - a);
  return (
    <ul className="bars" data-testid="prediction">
      {sorted.map(([name, share]) => (
        <li key={name}>
          <span>{name}</span>
          <meter min={0} max={1} value={share} aria-label={`${name} ${percentText(share)}`} />
          <span>{percentText(share)}</span>
        </li>
      ))}
    </ul>
  );
}
