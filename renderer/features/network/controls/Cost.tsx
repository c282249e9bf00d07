import { useEffect, useMemo } from 'react';
import { Popover } from '@base-ui/react/popover';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { countText, shortCount } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { estimateOf, measureWhenSettled, useEstimate, useSides } from '../../../stores/network/estimate.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { roughBytes, roughDuration } from '../costTexts.ts';

const text = messages.network.cost;

/** What the plan will cost before it is trained: time and memory, and on demand where they come from. */
export function Cost({ model }: { readonly model: ModelReport }) {
  const thawed = usePlan((plan) => plan.thawed);
  const l2sp = usePlan((plan) => plan.l2sp);
  const choice = useTraining((training) => training.choice);
  const known = useEstimate();
  const sides = useSides();
  const classes = sides?.classes ?? null;
  const { batchSize, batchNorm, augment, augmentViews, resize, featurePrecision } = choice;
  useEffect(() => {
    if (classes !== null) measureWhenSettled(classes);
  }, [model, thawed, classes, batchNorm, augment, augmentViews, resize, featurePrecision]);
  const { trainImages = 0, validationImages = 0 } = sides ?? {};
  const { cost, bytes, featureBytes, seconds, kept } = useMemo(
    () =>
      estimateOf(
        model,
        thawed,
        choice,
        classes === null ? null : { trainImages, validationImages, classes },
        known,
        l2sp,
      ),
    [model, thawed, choice, classes, trainImages, validationImages, known, l2sp],
  );
  const time =
    seconds !== null
      ? text.epoch(roughDuration(seconds.epoch))
      : known.isMeasuring
        ? text.measuring
        : text.unknown;
  const facts: readonly (readonly [string, string])[] = [
    [text.epochLabel, seconds === null ? text.unknown : roughDuration(seconds.epoch)],
    ...(seconds !== null && seconds.scan > 0 ? [[text.scanLabel, roughDuration(seconds.scan)] as const] : []),
    [text.onceLabel, seconds === null ? text.unknown : roughDuration(seconds.once)],
    [
      text.decodeLabel,
      known.decode === null ? text.unknown : text.milliseconds((1000 * known.decode).toFixed(1)),
    ],
    [text.keptLabel, countText(kept.here.train + kept.here.validation)],
    [text.prefixLabel, shortCount(cost.multiplyAdds.prefix)],
    [text.suffixLabel, shortCount(cost.multiplyAdds.suffix)],
    [text.weightsLabel, roughBytes(cost.bytes.weights)],
    [text.optimizerLabel, roughBytes(cost.bytes.optimizer)],
    [text.activationsLabel(batchSize), roughBytes(cost.bytes.activations)],
    [text.featuresLabel, roughBytes(featureBytes)],
  ];
  return (
    <Popover.Root>
      <Popover.Trigger className="cost" data-testid="cost">
        ≈ {time} · {text.memory(roughBytes(bytes))}
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
