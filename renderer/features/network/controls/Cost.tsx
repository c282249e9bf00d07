import { useEffect, useMemo } from 'react';
import { Popover } from '@base-ui/react/popover';
import type { ModelReport } from '../../../../shared/ipc/results.ts';
import { shortCount } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { estimateOf, measureWhenSettled, useEstimate, useSides } from '../../../stores/estimate.ts';
import { usePlan } from '../../../stores/plan.ts';
import { useTraining } from '../../../stores/training.ts';

const text = messages.network.cost;

/** What the plan will cost before it is trained: time and memory, and on demand where they come from. */
export function Cost({ model }: { readonly model: ModelReport }) {
  const thawed = usePlan((plan) => plan.thawed);
  const batchSize = useTraining(({ choice }) => choice.batchSize);
  const { speed, isMeasuring } = useEstimate();
  const sides = useSides();
  const classes = sides?.classes ?? null;
  useEffect(() => {
    if (classes !== null) measureWhenSettled(classes);
  }, [model, thawed, classes]);
  const { trainImages = 0, validationImages = 0 } = sides ?? {};
  const { cost, bytes, seconds } = useMemo(
    () =>
      estimateOf(
        model,
        thawed,
        batchSize,
        classes === null ? null : { trainImages, validationImages, classes },
        speed,
      ),
    [model, thawed, batchSize, classes, trainImages, validationImages, speed],
  );
  const time =
    seconds !== null ? text.epoch(durationText(seconds.epoch)) : isMeasuring ? text.measuring : text.unknown;
  const facts: readonly (readonly [string, string])[] = [
    [text.epochLabel, seconds === null ? text.unknown : durationText(seconds.epoch)],
    [text.onceLabel, seconds === null ? text.unknown : durationText(seconds.once)],
    [text.prefixLabel, shortCount(cost.multiplyAdds.prefix)],
    [text.suffixLabel, shortCount(cost.multiplyAdds.suffix)],
    [text.weightsLabel, bytesText(cost.bytes.weights)],
    [text.optimizerLabel, bytesText(cost.bytes.optimizer)],
    [text.activationsLabel(batchSize), bytesText(cost.bytes.activations)],
    [text.featuresLabel, bytesText(4 * cost.featureValues * (trainImages + validationImages))],
  ];
  return (
    <Popover.Root>
      <Popover.Trigger className="cost" data-testid="cost">
        ≈ {time} · {text.memory(bytesText(bytes))}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="over" sideOffset={8} align="start">
          <Popover.Popup className="popover">
            <Popover.Title className="popover-title">{text.title}</Popover.Title>
            <Popover.Description className="muted">{text.explanation}</Popover.Description>
            <dl className="facts">
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function durationText(seconds: number): string {
  if (seconds < 1) return text.lessThanASecond;
  return seconds < 90 ? text.seconds(Math.round(seconds)) : text.minutes(Math.round(seconds / 60));
}

function bytesText(bytes: number): string {
  return bytes >= 1e9 ? text.gigabytes((bytes / 1e9).toFixed(1)) : text.megabytes(Math.ceil(bytes / 1e6));
}
