import type { NextPhase } from '../../../../shared/domain/run.ts';
import { planFrom } from '../../../../shared/domain/plan/settings.ts';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { rateText } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { useTraining } from '../../../stores/training/training.ts';

/** Plans that a duplicated run took up on its way: the new one takes them up as well, unless they are left out. */
export function LaterPhases() {
  const { choice, choose } = useTraining();
  const model = usePlan((state) => state.model);
  const text = messages.training.later;
  if (choice.laterPhases.length === 0 || model === null) return null;
  return (
    <section className="later-phases" aria-label={text.title}>
      <strong>{text.title}</strong>
      <ul>
        {choice.laterPhases.map((phase) => (
          <li key={phase.after}>
            {text.step(phase.after, phase.epochs, rateText(phase.learningRate), layersOf(model, phase))}
          </li>
        ))}
      </ul>
      <button
        type="button"
        onClick={() => {
          choose({ laterPhases: [] });
        }}
      >
        {text.drop}
      </button>
    </section>
  );
}

function layersOf(model: ModelReport, { thawFrom, thaw }: NextPhase): string {
  const { thawed } = planFrom(model, { thawFrom, thaw, layerRates: {}, layerL2sp: {} });
  return thawed.size === 0 ? messages.training.later.headOnly : messages.training.phases.layers(thawed.size);
}
