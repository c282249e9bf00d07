import { messages } from '../../../messages/index.ts';
import { useEstimate } from '../../../stores/network/estimate.ts';
import { barKinds, useNetworkView } from '../../../stores/network/view.ts';
import { rateText } from '../../../format.ts';
import { useBarKind } from '../graph/node/bars.ts';
import { useHeats } from '../heatView.ts';
import { KeptMark } from '../graph/node/KeptMark.tsx';
import { StateMark } from '../graph/node/StateMark.tsx';

const text = messages.network;

/** What the colours, marks and lines mean, and what the bars show. */
export function Legend() {
  const view = useNetworkView();
  const hasKept = useEstimate(({ kept }) => kept.length > 0);
  const heats = useHeats();
  const kind = useBarKind();
  return (
    <ul className="legend" aria-label={text.legendLabel}>
      <li>
        <StateMark state="frozen" />
        {text.legend.frozen}
      </li>
      <li>
        <StateMark state="thawed" />
        {text.legend.thawed}
      </li>
      <li>
        <StateMark state="partly" />
        {text.legend.partly}
      </li>
      <li>
        <svg width={26} height={8} aria-hidden focusable={false}>
          <path className="route cut" d="M1 4h24" />
        </svg>
        {text.legend.cached}
      </li>
      {hasKept && (
        <li>
          <KeptMark kept="full" isTold={false} />
          {messages.inspector.thawing.keptLegend}
        </li>
      )}
      {heats !== null && kind === 'change' && (
        <li data-testid="heat-legend">
          <span className="heat-scale" aria-hidden />
          {messages.inspector.heat.legend(rateText(heats.largest / 1000), rateText(heats.largest))}
        </li>
      )}
      <li className="spring" />
      <li>
        <label className="choice">
          <span>{text.bars}</span>
          <select
            value={view.bars}
            onChange={(event) => {
              view.showBars(barKinds.find((kind) => kind === event.target.value) ?? 'auto');
            }}
          >
            {barKinds.map((kind) => (
              <option key={kind} value={kind}>
                {text.barKinds[kind]}
              </option>
            ))}
          </select>
        </label>
      </li>
    </ul>
  );
}
