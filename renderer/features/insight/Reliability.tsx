import type { Calibration } from '../../../shared/domain/metrics.ts';
import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';

const side = 220;

/** How often the model is right when it is so sure: bars on the line mean that its confidence can be believed. */
export function Reliability({ calibration }: { readonly calibration: Calibration }) {
  const text = messages.insight.reliability;
  return (
    <figure className="reliability">
      <figcaption>
        <strong>{text.title}</strong>
        <p className="muted">{text.hint}</p>
      </figcaption>
      <svg
        viewBox={`-4 -4 ${side + 8} ${side + 8}`}
        role="img"
        aria-label={text.label(percentText(calibration.expectedCalibrationError))}
      >
        <rect className="frame" width={side} height={side} />
        {calibration.bins.map(({ from, to, images, accuracy, confidence }) => (
          <rect
            key={from}
            className="bin"
            x={from * side + 1}
            y={(1 - accuracy) * side}
            width={(to - from) * side - 2}
            height={accuracy * side}
          >
            <title>{text.bin(images, percentText(confidence), percentText(accuracy))}</title>
          </rect>
        ))}
        <path className="ideal" d={`M0 ${side}L${side} 0`} />
      </svg>
      <p className="muted">{text.axes}</p>
    </figure>
  );
}
