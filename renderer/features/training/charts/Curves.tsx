import { useMemo, useState } from 'react';
import { Slider } from '@base-ui/react/slider';
import { countText, lossText, percentText, rateText } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { isBusy } from '../../../stores/training/state.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { bestEpoch } from '../bestEpoch.ts';
import { plannedEpochs } from '../Figures.tsx';
import { Chart } from './Chart.tsx';
import type { Band, Line } from './lines.ts';
import { bandsOf, epochPoints } from './lines.ts';

/** Accuracy, loss, learning rate and speed of a training and of those it continues. */
export function Curves() {
  const training = useTraining((state) => state.training);
  const { before, epochs, batchAccuracy, batchLoss, state } = training;
  const [smoothing, setSmoothing] = useState(0);
  const text = messages.training;
  const all = useMemo(() => [...before, ...epochs], [before, epochs]);
  const offset = before.length;
  const bands = useMemo(() => bandsOf(all, (phase) => text.phases[phase]), [all, text]);
  const best = useMemo(() => {
    const own = bestEpoch(epochs);
    const index = own === null ? -1 : epochs.indexOf(own);
    return own === null ? null : { x: offset + index + 1, own };
  }, [epochs, offset]);
  const accuracy = useMemo(
    (): Line[] => [
      within(text.withinLine, batchAccuracy, offset),
      { label: text.trainLine, colour: 'train-line', points: epochPoints(all, 'accuracy') },
      { label: text.validationLine, colour: 'validation-line', points: epochPoints(all, 'valAccuracy') },
    ],
    [all, batchAccuracy, offset, text],
  );
  const loss = useMemo(
    (): Line[] => [
      within(text.withinLine, batchLoss, offset),
      { label: text.trainLine, colour: 'train-line', points: epochPoints(all, 'loss') },
      { label: text.validationLine, colour: 'validation-line', points: epochPoints(all, 'valLoss') },
    ],
    [all, batchLoss, offset, text],
  );
  const rate = useMemo(
    (): Line[] => [{ label: text.trainLine, colour: 'violet', points: epochPoints(all, 'learningRate') }],
    [all, text],
  );
  const speed = useMemo(
    (): Line[] => [{ label: text.trainLine, colour: 'violet', points: epochPoints(all, 'imagesPerSecond') }],
    [all, text],
  );
  const end = isBusy(state) ? Math.max(offset + plannedEpochs(training), all.length) : all.length;
  const isEmpty = all.length === 0 && batchLoss.length === 0;
  const marks = useMemo(() => marksOf(bands, best?.x ?? null), [bands, best]);
  if (isEmpty && !isBusy(state))
    return (
      <section className="empty">
        <h2>{text.idleTitle}</h2>
        <p className="muted">{text.idle}</p>
        <div className="charts" data-epochs={0} hidden />
      </section>
    );
  const shared = { end, smoothing };
  return (
    <>
      <Smoothing value={smoothing} onChange={setSmoothing} />
      <div className="charts" data-epochs={epochs.length}>
        <Chart
          title={text.accuracy}
          lines={accuracy}
          marks={marks(best?.own.valAccuracy)}
          format={percentText}
          {...shared}
        />
        <Chart
          title={text.loss}
          lines={loss}
          marks={marks(best?.own.valLoss)}
          format={lossText}
          {...shared}
        />
        <Chart
          title={text.learningRate}
          lines={rate}
          marks={marks()}
          format={rateText}
          end={end}
          smoothing={0}
        />
        <Chart title={text.speed} lines={speed} marks={marks()} format={countText} {...shared} />
      </div>
    </>
  );
}

function within(label: string, points: Line['points'], offset: number): Line {
  const moved = offset === 0 ? points : points.map(({ x, y }) => ({ x: x + offset, y }));
  return { label, colour: 'train-line', isFaint: true, points: moved };
}

/** The marks of a chart whose best epoch has this value. */
function marksOf(bands: readonly Band[], x: number | null) {
  return (value?: number) => ({
    bands,
    best: x === null || value === undefined ? null : { x, y: value },
  });
}

interface SmoothingProps {
  readonly value: number;
  onChange(value: number): void;
}

function Smoothing({ value, onChange }: SmoothingProps) {
  const text = messages.training.charts;
  return (
    <Slider.Root
      className="slider"
      value={value}
      min={0}
      max={0.95}
      step={0.05}
      onValueChange={(chosen: number) => {
        onChange(chosen);
      }}
    >
      <Slider.Label className="muted">{text.smoothing}</Slider.Label>
      <Slider.Control className="slider-control">
        <Slider.Track className="slider-track">
          <Slider.Indicator className="slider-filled" />
          <Slider.Thumb className="slider-thumb" />
        </Slider.Track>
      </Slider.Control>
      <output className="muted">{value === 0 ? text.none : value.toFixed(2)}</output>
    </Slider.Root>
  );
}
