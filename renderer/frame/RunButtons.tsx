import { messages } from '../messages/index.ts';
import type { TrainingStage } from '../stores/training/state.ts';
import { isBusy } from '../stores/training/state.ts';
import { useTraining } from '../stores/training/training.ts';
import { Icon } from '../ui/Icon.tsx';

/** Holding and ending a training from wherever one is. */
export function RunButtons({ stage }: { readonly stage: TrainingStage }) {
  const control = useTraining((state) => state.control);
  const isStopping = useTraining((state) => state.training.isStopping);
  const text = messages.training;
  if (!isBusy(stage)) return null;
  const isPaused = stage === 'paused';
  return (
    <>
      <button type="button" onClick={() => void control(isPaused ? 'unpause' : 'pause')}>
        <Icon name={isPaused ? 'play' : 'pause'} size={16} />
        {isPaused ? text.unpause : text.pause}
      </button>
      <button type="button" className="primary" disabled={isStopping} onClick={() => void control('stop')}>
        {isStopping ? text.stopping : text.stop}
      </button>
    </>
  );
}
