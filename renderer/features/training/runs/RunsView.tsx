import { useEffect } from 'react';
import { messages } from '../../../messages/index.ts';
import { useApp } from '../../../stores/app.ts';
import { useRuns } from '../../../stores/training/runs.ts';
import { Comparison } from './Comparison.tsx';
import { RunRow } from './RunRow.tsx';
import './runs.css';

/** Every run that is kept, and those chosen side by side. */
export function RunsView({ onShow }: { readonly onShow: () => void }) {
  const isReady = useApp((state) => state.hello !== null);
  const { runs, damaged, compared, load } = useRuns();
  const text = messages.runs;
  useEffect(() => {
    if (isReady) void load();
  }, [isReady, load]);
  if (runs.length === 0 && damaged.length === 0) return <p className="empty muted">{text.none}</p>;
  const columns = text.columns;
  return (
    <div className="runs">
      <table className="run-table">
        <thead>
          <tr>
            {[
              columns.compare,
              columns.title,
              columns.state,
              columns.best,
              columns.epochs,
              columns.thawed,
              columns.begun,
            ].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.run} run={run} onShow={onShow} />
          ))}
        </tbody>
      </table>
      {damaged.map(({ run, message }) => (
        <p key={run} className="notice">
          {text.damaged(run, message)}
        </p>
      ))}
      {compared.length < 2 ? (
        <p className="muted">{text.comparison.hint}</p>
      ) : (
        <Comparison compared={compared} />
      )}
    </div>
  );
}
