import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useExports } from '../../stores/exports.ts';
import { useTraining } from '../../stores/training/training.ts';
import { ExportForm } from './ExportForm.tsx';
import { Verification } from './Verification.tsx';
import { EmptyStation } from '../../ui/EmptyStation.tsx';
import './export.css';

/** The model in a form that runs elsewhere, checked to give the same answers. */
export function ExportStation() {
  const result = useTraining((state) => state.training.result);
  const exported = useExports((state) => state.result);
  const text = messages.exporting;
  if (result === null)
    return <EmptyStation text={text.needsRun} action={text.goTraining} station="training" />;
  const name = result.run.split(/[\\/]/).at(-1) ?? result.run;
  return (
    <div className="page">
      <h1>{text.title}</h1>
      <p className="muted">{text.from(name, percentText(result.best.valAccuracy))}</p>
      <ExportForm key={result.run} run={result.run} name={name} />
      {exported?.run === result.run && <Verification result={exported} />}
    </div>
  );
}
