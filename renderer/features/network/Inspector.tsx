import type { ModelReport } from '../../../shared/ipc/results.ts';
import { shapeText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { usePlan } from '../../stores/plan.ts';

interface InspectorProps {
  readonly model: ModelReport;
  readonly block: string | null;
}

/** The selected block's layers, each with its own switch; without a selection, how to make one. */
export function Inspector({ model, block }: InspectorProps) {
  const { thawed, toggleLayer } = usePlan();
  const report = model.blocks.find(({ name }) => name === block);
  const text = messages.network;
  if (report === undefined || block === null)
    return (
      <aside className="inspector" aria-label={messages.stations.network}>
        <p className="muted">{text.help}</p>
      </aside>
    );
  return (
    <aside className="inspector" aria-label={block}>
      <h2>{block}</h2>
      <p className="muted">{text.layers(report.layers)}</p>
      <dl>
        <div>
          <dt>{text.output}</dt>
          <dd>{shapeText(report.outputShape)}</dd>
        </div>
        <div>
          <dt>{text.parametersLabel}</dt>
          <dd>{report.parameters.toLocaleString('en')}</dd>
        </div>
      </dl>
      <ul>
        {model.layers
          .filter((layer) => layer.block === block)
          .map(({ name, type, parameters }) => (
            <li key={name}>
              <label>
                <input
                  type="checkbox"
                  disabled={parameters === 0}
                  checked={thawed.has(name)}
                  onChange={() => {
                    toggleLayer(name);
                  }}
                />
                <span>{name}</span>
                <span className="muted">{type}</span>
              </label>
            </li>
          ))}
      </ul>
    </aside>
  );
}
