import { useState } from 'react';
import type { ExportFormat, WeightType } from '../../../shared/domain/export.ts';
import { exportFormatFacts, factsOf } from '../../../shared/domain/export.ts';
import { host } from '../../bridge/index.ts';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useExports } from '../../stores/exports.ts';
import { Icon } from '../../ui/Icon.tsx';

interface ExportFormProps {
  readonly run: string;
  readonly name: string;
}

/** Which form, how small, and where to. */
export function ExportForm({ run, name }: ExportFormProps) {
  const hello = useApp((state) => state.hello);
  const { work, write, cancel } = useExports();
  const [format, setFormat] = useState<ExportFormat>('tfjs');
  const [weights, setWeights] = useState<WeightType>('float32');
  const [isOne, setIsOne] = useState(false);
  const [folder, setFolder] = useState(() => hello?.runs.replace(/runs$/, 'exports') ?? '');
  const [force, setForce] = useState(false);
  const facts = factsOf(format);
  const text = messages.exporting;
  const out = `${folder.trim()}/${name}-${format}`;
  return (
    <form
      className="export"
      onSubmit={(event) => {
        event.preventDefault();
        const options = { weights, batch: isOne && facts.fixedBatch ? 'one' : 'dynamic' } as const;
        void write({ run, format, options, out, force });
      }}
    >
      <Formats
        chosen={format}
        onChoose={(chosen) => {
          setFormat(chosen);
          if (!factsOf(chosen).weights.includes(weights)) setWeights('float32');
        }}
      />
      <div className="row">
        {facts.weights.length > 1 && (
          <label className="row">
            {text.weights}
            <select
              value={weights}
              onChange={(event) => {
                setWeights(facts.weights.find((one) => one === event.target.value) ?? 'float32');
              }}
            >
              {facts.weights.map((one) => (
                <option key={one} value={one}>
                  {text.weightTypes[one]}
                </option>
              ))}
            </select>
          </label>
        )}
        {facts.fixedBatch && <Check label={text.batch} isOn={isOne} onChange={setIsOne} />}
        <Check label={text.force} isOn={force} onChange={setForce} />
      </div>
      <Place folder={folder} onChange={setFolder} />
      <p className="muted">{out}</p>
      <div className="row">
        <button type="submit" disabled={work !== null || folder.trim() === ''}>
          <Icon name="export" size={16} />
          {text.do}
        </button>
        {work !== null && (
          <button type="button" onClick={() => void cancel()}>
            {text.cancel}
          </button>
        )}
      </div>
      {work !== null && (
        <label className="progress">
          {work.what === '' ? text.working : work.what}
          <progress value={work.share ?? undefined} max={1} />
        </label>
      )}
    </form>
  );
}

interface FormatsProps {
  readonly chosen: ExportFormat;
  onChoose(format: ExportFormat): void;
}

function Formats({ chosen, onChoose }: FormatsProps) {
  return (
    <fieldset className="formats">
      <legend className="label">{messages.exporting.formats}</legend>
      {exportFormatFacts.map(({ format, title, purpose, file }) => (
        <label key={format} className={format === chosen ? 'format chosen' : 'format'}>
          <input
            type="radio"
            name="format"
            value={format}
            checked={format === chosen}
            onChange={() => {
              onChoose(format);
            }}
          />
          <strong>{title}</strong>
          <span className="tag">{file}</span>
          <span className="muted">{purpose}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
}

function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {label}
    </label>
  );
}

interface PlaceProps {
  readonly folder: string;
  onChange(folder: string): void;
}

function Place({ folder, onChange }: PlaceProps) {
  const report = useApp((state) => state.report);
  const text = messages.exporting;
  const choose = async (): Promise<void> => {
    const chosen = await host().choose('save-folder');
    if (!chosen.ok) report(chosen.error);
    else if (chosen.value[0] !== undefined) onChange(chosen.value[0]);
  };
  return (
    <div className="row">
      <input
        aria-label={text.place}
        value={folder}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {host().canChoose && (
        <button type="button" onClick={() => void choose()}>
          <Icon name="folder" size={16} />
          {text.choose}
        </button>
      )}
    </div>
  );
}
