import { useMemo } from 'react';
import type { JobEvent } from '../../../shared/ipc/contract.ts';
import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { usePlan } from '../../stores/plan.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/dataset.ts';
import type { TrainingChoice } from '../../stores/training.ts';
import { useTraining } from '../../stores/training.ts';
import { Chart } from './Chart.tsx';
import './training.css';

/** Settings, the buttons, and the curves. */
export function TrainingStation() {
  const go = useApp((state) => state.go);
  const dataset = useDataset((state) => state.dataset);
  const training = useTraining((state) => state.training);
  const text = messages.training;
  if (dataset === null)
    return (
      <div className="page">
        <p>{text.needsData}</p>
        <button
          type="button"
          onClick={() => {
            go('data');
          }}
        >
          {text.openData}
        </button>
      </div>
    );
  return (
    <div className="page">
      <Settings />
      <Buttons />
      <Progress body={training.progress} />
      <Curves />
    </div>
  );
}

function Settings() {
  const { choice, choose, training } = useTraining();
  const thawed = usePlan((state) => state.thawed.size);
  const text = messages.training;
  const isBusy = ['preparing', 'running', 'paused'].includes(training.state);
  const field = (key: keyof TrainingChoice, label: string, step: string, least: number) => (
    <label>
      {label}
      <input
        type="number"
        min={least}
        step={step}
        value={choice[key]}
        onChange={(event) => {
          const value = event.target.valueAsNumber;
          if (Number.isFinite(value)) choose({ [key]: value });
        }}
      />
    </label>
  );
  return (
    <fieldset className="settings" disabled={isBusy}>
      {field('epochs', text.epochs, '1', 1)}
      {field('learningRate', text.learningRate, 'any', 0)}
      {field('batchSize', text.batchSize, '1', 1)}
      {thawed > 0 ? (
        <>
          {field('fineTuneEpochs', text.fineTuneEpochs, '1', 1)}
          {field('fineTuneLearningRate', text.fineTuneLearningRate, 'any', 0)}
        </>
      ) : (
        <p className="muted">{text.frozenHint}</p>
      )}
    </fieldset>
  );
}

function Buttons() {
  const { training, train, resume, control } = useTraining();
  const text = messages.training;
  const isBusy = ['preparing', 'running', 'paused'].includes(training.state);
  return (
    <div className="row">
      {!isBusy && (
        <button type="button" className="primary" onClick={() => void train()}>
          {text.train}
        </button>
      )}
      {(training.state === 'running' || training.state === 'preparing') && (
        <button type="button" onClick={() => void control('pause')}>
          {text.pause}
        </button>
      )}
      {training.state === 'paused' && (
        <button type="button" onClick={() => void control('unpause')}>
          {text.unpause}
        </button>
      )}
      {isBusy && (
        <button type="button" onClick={() => void control('cancel')}>
          {text.stop}
        </button>
      )}
      {(training.state === 'stopped' || training.state === 'failed') && training.run !== null && (
        <button type="button" onClick={() => void resume()}>
          {text.resume}
        </button>
      )}
      <span className="muted" data-testid="state">
        {text.state[training.state]}
      </span>
    </div>
  );
}

function Progress({ body }: { readonly body: JobEvent['body'] | null }) {
  const described = body === null ? null : describe(body);
  if (described === null) return null;
  return (
    <label className="progress">
      {described.text}
      <progress
        value={described.total === null ? undefined : described.done}
        max={described.total ?? undefined}
      />
    </label>
  );
}

function describe(body: JobEvent['body']): { text: string; done: number; total: number | null } | null {
  switch (body.type) {
    case 'scan':
      return { text: messages.data.scanning(body.done, body.total), done: body.done, total: body.total };
    case 'features':
      return { text: messages.training.features(body.done, body.total), done: body.done, total: body.total };
    case 'progress':
      return { text: body.what, done: body.done, total: body.total };
    case 'batch':
      return { text: messages.training.epoch(body.epoch, ''), done: body.batch, total: body.batches };
    default:
      return null;
  }
}

const trainColour = '#64748b';
const validationColour = '#0f766e';

function Curves() {
  const { epochs, result } = useTraining((state) => state.training);
  const text = messages.training;
  const numbers = useMemo(() => epochs.map(({ epoch }) => epoch), [epochs]);
  const accuracy = useMemo(
    () => [
      { label: text.trainLine, colour: trainColour, values: epochs.map((one) => one.accuracy) },
      { label: text.validationLine, colour: validationColour, values: epochs.map((one) => one.valAccuracy) },
    ],
    [epochs, text],
  );
  const loss = useMemo(
    () => [
      { label: text.trainLine, colour: trainColour, values: epochs.map((one) => one.loss) },
      { label: text.validationLine, colour: validationColour, values: epochs.map((one) => one.valLoss) },
    ],
    [epochs, text],
  );
  return (
    <>
      <div className="charts" data-epochs={epochs.length} hidden={epochs.length === 0}>
        <Chart title={text.accuracy} epochs={numbers} series={accuracy} format={percentText} />
        <Chart title={text.loss} epochs={numbers} series={loss} format={(value) => value.toFixed(3)} />
      </div>
      {epochs.length === 0 && <p className="muted">{text.idle}</p>}
      {result !== null && (
        <section className="result" data-testid="result">
          <strong>{text.best(result.best.epoch, percentText(result.best.valAccuracy))}</strong>
          <p className="muted">{text.saved(result.run)}</p>
        </section>
      )}
    </>
  );
}
