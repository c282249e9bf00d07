import { useEffect, useState } from 'react';
import type { Evaluation } from '../../../shared/domain/metrics.ts';
import { lossText, percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useInsight } from '../../stores/insight.ts';
import { useTraining } from '../../stores/training/training.ts';
import { Ask } from './ask/Ask.tsx';
import { Confusion } from './Confusion.tsx';
import type { Cell } from './Images.tsx';
import { Images } from './Images.tsx';
import { PerClass } from './PerClass.tsx';
import { Reliability } from './Reliability.tsx';
import { EmptyStation } from '../../ui/EmptyStation.tsx';
import './insight.css';

/** Where the model is right and where it errs. */
export function InsightStation() {
  const { run: measured, evaluation, evaluate } = useInsight();
  const run = useTraining((state) => state.training.result?.run);
  const text = messages.insight;
  useEffect(() => {
    if (run !== undefined) void evaluate(run);
  }, [run, evaluate]);
  if (run === undefined)
    return <EmptyStation text={text.needsRun} action={text.goTraining} station="training" />;
  return (
    <div className="insight">
      <div className="measured">
        {evaluation === null || measured !== run ? (
          <p className="muted">{text.measuring}</p>
        ) : (
          <Measured evaluation={evaluation} />
        )}
      </div>
      <Ask run={run} />
    </div>
  );
}

function Measured({ evaluation }: { readonly evaluation: Evaluation }) {
  const [cell, setCell] = useState<Cell | null>(null);
  const text = messages.insight;
  const figures = [
    [text.accuracy, percentText(evaluation.accuracy)],
    [text.loss, lossText(evaluation.loss)],
    [text.calibration, percentText(evaluation.calibration.expectedCalibrationError)],
  ] as const;
  return (
    <>
      <h1>{text.title(evaluation.images)}</h1>
      <dl className="row figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Confusion evaluation={evaluation} open={cell} onOpen={setCell} />
      <Images
        evaluation={evaluation}
        cell={cell}
        onShowAll={() => {
          setCell(null);
        }}
      />
      <div className="two">
        <PerClass evaluation={evaluation} />
        <Reliability calibration={evaluation.calibration} />
      </div>
    </>
  );
}
