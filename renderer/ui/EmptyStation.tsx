import type { Station } from '../stores/app.ts';
import { useApp } from '../stores/app.ts';

interface EmptyStationProps {
  /** What is missing. */
  readonly text: string;
  /** The button that leads to where it is had. */
  readonly action: string;
  readonly station: Station;
}

/** A station that cannot show anything yet, and the way to what it needs. */
export function EmptyStation({ text, action, station }: EmptyStationProps) {
  const go = useApp((state) => state.go);
  return (
    <div className="empty">
      <p>{text}</p>
      <button
        type="button"
        className="primary"
        onClick={() => {
          go(station);
        }}
      >
        {action}
      </button>
    </div>
  );
}
