import { useMemo } from 'react';
import { Popover } from '@base-ui/react/popover';
import { adviseOn } from '../../../../shared/domain/plan/advice.ts';
import { adviceText } from '../../../../shared/domain/plan/adviceTexts.ts';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { messages } from '../../../messages/index.ts';
import { useSides } from '../../../stores/network/estimate.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { useTraining } from '../../../stores/training/training.ts';

const text = messages.network;

/** What may be unwise about the plan, with the reason and where to read about it. */
export function Warnings({ model }: { readonly model: ModelReport }) {
  const thawed = usePlan((plan) => plan.thawed);
  const choice = useTraining((training) => training.choice);
  const trainImages = useSides()?.trainImages ?? null;
  const advice = useMemo(() => {
    const replaced = new Set(model.replaced);
    const finetunes = choice.fineTuneEpochs > 0;
    return adviseOn(
      model.layers.filter(({ name }) => !replaced.has(name)),
      thawed,
      {
        trainImages,
        batchSize: choice.batchSize,
        batchNorm: choice.batchNorm,
        learningRate: finetunes ? choice.fineTuneLearningRate : choice.learningRate,
        trainsHeadFirst: finetunes && choice.epochs > 0,
      },
    );
  }, [model, thawed, choice, trainImages]);
  const [first] = advice;
  return (
    <div className="warnings" role="status">
      {first !== undefined && (
        <Popover.Root>
          <Popover.Trigger className="warning" data-testid="warning">
            <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden focusable={false}>
              <path d="M8 2l6.5 11.5h-13zM8 6.5v3M8 11.5v.2" />
            </svg>
            <span className="warning-title">{text.adviceTitle(first)}</span>
            {advice.length > 1 && <span className="count">{text.more(advice.length - 1)}</span>}
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Positioner className="over" sideOffset={8} align="start">
              <Popover.Popup className="popover">
                <Popover.Title className="popover-title">{text.unwise}</Popover.Title>
                {advice.map((one) => {
                  const { source } = adviceText(one);
                  return (
                    <section key={one.kind} className="advice">
                      <strong>{text.adviceTitle(one)}</strong>
                      <p>{text.adviceReason(one)}</p>
                      <p className="muted">
                        {text.readMore} {source.name}, <span className="address">{source.url}</span>
                      </p>
                    </section>
                  );
                })}
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        </Popover.Root>
      )}
    </div>
  );
}
