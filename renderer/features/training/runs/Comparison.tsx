import { useMemo } from 'react';
import type { RunDetail } from '../../../../shared/ipc/training/results.ts';
import { durationText, lossText, percentText } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { useRuns } from '../../../stores/training/runs.ts';
import { Chart } from '../charts/Chart.tsx';
import type { Line } from '../charts/lines.ts';
import { epochPoints } from '../charts/lines.ts';
import { differencesOf } from './differences.ts';

const noMarks = { bands: [], best: null };

/** Runs side by side: curves over each other, results, and the settings in which they differ. */
export function Comparison({ compared }: { readonly compared: readonly RunDetail[] }) {
  const compareNone = useRuns((state) => state.compareNone);
  const text = messages.runs.comparison;
  const accuracy = useMemo(() => linesOf(compared, 'valAccuracy'), [compared]);
  const loss = useMemo(() => linesOf(compared, 'valLoss'), [compared]);
  const end = Math.max(1, ...compared.map(({ history }) => history.length));
  const differences = differencesOf(compared.map(({ settings }) => settings));
  return (
    <section className="comparison" aria-label={text.title} data-testid="comparison">
      <div className="row">
        <h2>{text.title}</h2>
        <span className="spring" />
        <button type="button" className="bare" onClick={compareNone}>
          {text.clear}
        </button>
      </div>
      <div className="charts">
        <Chart
          title={text.accuracy}
          lines={accuracy}
          marks={noMarks}
          end={end}
          smoothing={0}
          format={percentText}
        />
        <Chart title={text.loss} lines={loss} marks={noMarks} end={end} smoothing={0} format={lossText} />
      </div>
      <Table caption={text.figures} compared={compared} rows={resultRows(compared)} />
      {differences.length === 0 ? (
        <p className="muted">{text.noDifferences}</p>
      ) : (
        <Table
          caption={text.differences}
          compared={compared}
          rows={differences.map(({ setting, values }) => [settingName(setting), values])}
        />
      )}
    </section>
  );
}

type Row = readonly [name: string, values: readonly string[]];

interface TableProps {
  readonly caption: string;
  readonly compared: readonly RunDetail[];
  readonly rows: readonly Row[];
}

function Table({ caption, compared, rows }: TableProps) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <td />
          {compared.map(({ run, title }, index) => (
            <th key={run} scope="col">
              <span className={`swatch run-${index + 1}`} aria-hidden /> {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, values]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, index) => (
              <td key={compared[index]?.run} title={value}>
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function linesOf(compared: readonly RunDetail[], measure: 'valAccuracy' | 'valLoss'): Line[] {
  const titles = compared.map(({ title }) => title);
  return compared.map(({ title, run, history }, index) => ({
    // A chart tells its lines apart by their labels.
    label: titles.indexOf(title) === index ? title : (run.split(/[\\/]/).at(-1) ?? run),
    colour: `run-${index + 1}`,
    points: epochPoints(history, measure),
  }));
}

function resultRows(compared: readonly RunDetail[]): Row[] {
  const text = messages.runs.comparison;
  return [
    [text.best, compared.map(({ best }) => percentText(best?.valAccuracy ?? NaN))],
    [text.bestLoss, compared.map(({ best }) => lossText(best?.valLoss ?? NaN))],
    [text.atEpoch, compared.map(({ best }) => String(best?.epoch ?? '–'))],
    [text.epochs, compared.map(({ epochs }) => String(epochs))],
    [text.seconds, compared.map(({ seconds }) => durationText(seconds))],
  ];
}

/** The form's word for a setting, or its own name where the form does not have it. */
function settingName(setting: string): string {
  const words: Readonly<Record<string, { readonly label: string }>> = messages.training.fields;
  return words[setting]?.label ?? setting;
}
