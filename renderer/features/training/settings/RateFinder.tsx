import { useState } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import type { LearningRateCurve } from '../../../../shared/ipc/training/results.ts';
import { rateText } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { useRateFinder } from '../../../stores/training/rateFinder.ts';
import { newSettings } from '../../../stores/training/settings.ts';
import { useTraining } from '../../../stores/training/training.ts';

/** Tries learning rates on the head and offers the one that is advised. */
export function RateFinder() {
  const [isOpen, setIsOpen] = useState(false);
  const { progress, curve, find, leave } = useRateFinder();
  const { choice, choose } = useTraining();
  const text = messages.training.recipe.finder;
  const close = (): void => {
    setIsOpen(false);
    void leave();
  };
  const start = (): void => {
    const settings = newSettings({ ...choice, fineTuneEpochs: 0 });
    if (settings === null) return;
    setIsOpen(true);
    void find({ ...settings, thaw: [] });
  };
  return (
    <>
      <button type="button" onClick={start}>
        {text.open}
      </button>
      <Dialog.Root
        open={isOpen}
        onOpenChange={(opened) => {
          if (!opened) close();
        }}
      >
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup className="dialog">
            <Dialog.Title>{text.title}</Dialog.Title>
            <Dialog.Description className="muted">{text.explain}</Dialog.Description>
            {progress !== null && (
              <label className="progress">
                {text.trying(progress.done, progress.total)}
                <progress value={progress.done} max={progress.total} />
              </label>
            )}
            {curve !== null && <Curve curve={curve} />}
            <div className="row">
              <Dialog.Close>{text.cancel}</Dialog.Close>
              {curve !== null && (
                <button
                  type="button"
                  className="primary"
                  onClick={() => {
                    choose({ learningRate: Number(curve.suggested.toPrecision(2)) });
                    close();
                  }}
                >
                  {text.use(rateText(curve.suggested))}
                </button>
              )}
            </div>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

const [width, height, margin] = [420, 160, 20];

/** The loss over the rate's logarithm, with a line at the advised rate. */
function Curve({ curve }: { readonly curve: LearningRateCurve }) {
  const points = curve.points.filter(({ loss }) => Number.isFinite(loss));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const losses = points.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const x = (rate: number): number =>
    (width * Math.log(rate / first.learningRate)) / Math.log(last.learningRate / first.learningRate);
  const y = (loss: number): number => ((high - loss) / Math.max(high - low, 1e-9)) * height;
  const line = points.map(({ learningRate, loss }) => `${x(learningRate)},${y(loss)}`).join(' ');
  const advised = x(curve.suggested);
  return (
    <svg
      className="rates"
      role="img"
      aria-label={messages.training.recipe.finder.chart(rateText(curve.suggested))}
      viewBox={`${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`}
    >
      <line className="advised" x1={advised} x2={advised} y1={0} y2={height} />
      <polyline points={line} />
      <text x={0} y={height + margin - 4}>
        {rateText(first.learningRate)}
      </text>
      <text x={width} y={height + margin - 4} textAnchor="end">
        {rateText(last.learningRate)}
      </text>
    </svg>
  );
}
