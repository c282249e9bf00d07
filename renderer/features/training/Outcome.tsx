import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { usePlan } from '../../stores/network/plan.ts';
import { useTraining } from '../../stores/training/training.ts';
import { Icon } from '../../ui/Icon.tsx';
import { bestEpoch } from './bestEpoch.ts';

/** What a training gave, and the way on: thaw more and train from here. */
export function Outcome() {
  const { training, trainOn } = useTraining();
  const thawed = usePlan((state) => state.thawed.size);
  const go = useApp((state) => state.go);
  const { result, before } = training;
  if (result === null) return null;
  const text = messages.training;
  const earlier = bestEpoch(before);
  return (
    <section className="outcome" data-testid="result">
      <div>
        <strong className="big-figure">
          {text.best(result.best.epoch, percentText(result.best.valAccuracy))}
        </strong>
        {earlier !== null && <p>{text.betterThan(percentText(earlier.valAccuracy))}</p>}
        <p className="muted">{text.saved(result.run)}</p>
      </div>
      <div className="way-on">
        <p className="muted">{text.trainOnHint(thawed)}</p>
        <div className="row">
          <button
            type="button"
            onClick={() => {
              go('network');
            }}
          >
            <Icon name="network" size={16} />
            {text.changePlan}
          </button>
          <button type="button" className="primary" onClick={() => void trainOn()}>
            <Icon name="play" size={16} />
            {text.trainOn}
          </button>
        </div>
      </div>
    </section>
  );
}
