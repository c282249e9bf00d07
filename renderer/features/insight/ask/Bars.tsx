import type { Prediction } from '../../../../shared/domain/metrics.ts';
import { percentText } from '../../../format.ts';

/** Classes shown; the rest have next to nothing. */
const mostBars = 8;

/** What the model makes of an image: classes by probability. */
export function Bars({ prediction }: { readonly prediction: Prediction }) {
  const sorted = Object.entries(prediction.probabilities).sort(([, a], [, b]) => b - a);
  return (
    <ul className="bars" data-testid="prediction">
      {sorted.slice(0, mostBars).map(([name, share], index) => (
        <li key={name} className={index === 0 ? 'first' : ''}>
          <span>{name}</span>
          <meter min={0} max={1} value={share} aria-label={`${name} ${percentText(share)}`} />
          <span>{percentText(share)}</span>
        </li>
      ))}
    </ul>
  );
}
