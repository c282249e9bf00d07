import { messages } from '../../messages/index.ts';
import { isBusy } from '../../stores/training/state.ts';
import { useTraining } from '../../stores/training/training.ts';
import { Icon } from '../../ui/Icon.tsx';

/** Beginning, holding and ending a training. */
export function RunControls() {
  const { training, train, resume, control } = useTraining();
  const text = messages.training;
  const { state, run, isStopping, epochs, result } = training;
  const canResume = (state === 'stopped' || state === 'failed') && run !== null;
  return (
    <div className="row run-controls">
      {!isBusy(state) && (
        <button type="button" className={result === null ? 'primary' : ''} onClick={() => void train()}>
          <Icon name="play" size={16} />
          {result === null ? text.train : text.trainNew}
        </button>
      )}
      {(state === 'running' || state === 'preparing') && (
        <button type="button" disabled={isStopping} onClick={() => void control('pause')}>
          <Icon name="pause" size={16} />
          {text.pause}
        </button>
      )}
      {state === 'paused' && (
        <button type="button" onClick={() => void control('unpause')}>
          <Icon name="play" size={16} />
          {text.unpause}
        </button>
      )}
      {isBusy(state) && (
        <>
          <button
            type="button"
            className="primary"
            disabled={isStopping}
            onClick={() => void control('stop')}
          >
            <Icon name="flag" size={16} />
            {isStopping ? (epochs.length === 0 ? text.stoppingFirst : text.stopping) : text.stop}
          </button>
          <button
            type="button"
            className="bare"
            title={text.cancelHint}
            onClick={() => void control('cancel')}
          >
            {text.cancel}
          </button>
        </>
      )}
      {canResume && (
        <button type="button" className="primary" onClick={() => void resume()}>
          {text.resume}
        </button>
      )}
      <span className={`state ${state}`} data-testid="state">
        {text.state[state]}
      </span>
    </div>
  );
}
