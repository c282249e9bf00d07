import { messages } from '../messages/index.ts';
import type { Station } from '../stores/app.ts';
import { stations, useApp } from '../stores/app.ts';
import { useDataset } from '../stores/data/dataset.ts';
import { useExports } from '../stores/exports.ts';
import { isBusy } from '../stores/training/state.ts';
import { useTraining } from '../stores/training/training.ts';
import { Icon } from '../ui/Icon.tsx';
import type { StationState } from './progress.ts';
import { stationStates } from './progress.ts';

/** The way through the stations, each with how far it is. */
export function Rail() {
  const { station: open, go } = useApp();
  const { dataset, scan } = useDataset();
  const training = useTraining((state) => state.training);
  const exported = useExports((state) => state.result?.run ?? null);
  const states = stationStates({
    hasDataset: dataset !== null,
    isScanning: scan !== null,
    isTraining: isBusy(training.state),
    hasModel: training.result !== null,
    hasExport: exported !== null && exported === training.run,
  });
  return (
    <nav className="rail" aria-label={messages.frame.rail}>
      {stations.map((station) => (
        <RailButton
          key={station}
          station={station}
          state={states[station]}
          isOpen={open === station}
          onOpen={() => {
            go(station);
          }}
        />
      ))}
    </nav>
  );
}

interface RailButtonProps {
  readonly station: Station;
  readonly state: StationState;
  readonly isOpen: boolean;
  onOpen(): void;
}

function RailButton({ station, state, isOpen, onOpen }: RailButtonProps) {
  return (
    <button
      type="button"
      className={state}
      data-tour={station}
      aria-current={isOpen ? 'page' : undefined}
      onClick={onOpen}
    >
      <Icon name={station} size={22} />
      <span>{messages.stations[station]}</span>
      <span className="mark" aria-hidden>
        {state === 'done' && <Icon name="check" size={10} />}
      </span>
      <span className="unseen">({messages.frame.railState[state]})</span>
    </button>
  );
}
