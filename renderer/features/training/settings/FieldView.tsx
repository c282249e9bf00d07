import { useId, useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { ViewsOfExamples } from '../../views/ViewsOfExamples.tsx';
import type { ChoiceField, Field, ListField, NumberField, SwitchField } from './fields.ts';
import { parseField } from './fields.ts';
import { RateFinder } from './RateFinder.tsx';

/** A setting: its name, its value, and in plain words what it does. */
export function FieldView({ field }: { readonly field: Field }) {
  const id = useId();
  const words = messages.training.fields[field.key];
  return (
    <div className="field">
      <label htmlFor={id}>{words.label}</label>
      {field.kind === 'choice' && <Choice id={id} field={field} />}
      {field.kind === 'switch' && <Toggle id={id} field={field} />}
      {(field.kind === 'number' || field.kind === 'list') && <Typed id={id} field={field} />}
      {field.key === 'learningRate' && <RateFinder />}
      <p id={`${id}-help`} className="muted help">
        {words.help}
      </p>
      {field.key === 'augment' && <ViewsOfExamples of="variations" />}
      {field.key === 'cutmix' && <ViewsOfExamples of="mixing" />}
    </div>
  );
}

function Toggle({ id, field }: { readonly id: string; readonly field: SwitchField }) {
  const value = useTraining((state) => state.choice[field.key]);
  const choose = useTraining((state) => state.choose);
  return (
    <input
      id={id}
      type="checkbox"
      aria-describedby={`${id}-help`}
      checked={value === true}
      onChange={(event) => {
        choose({ [field.key]: event.target.checked });
      }}
    />
  );
}

function Choice({ id, field }: { readonly id: string; readonly field: ChoiceField }) {
  const value = useTraining((state) => state.choice[field.key]);
  const choose = useTraining((state) => state.choose);
  const words = messages.training.fields[field.key];
  const choices = 'choices' in words ? Object.entries<string>(words.choices) : [];
  return (
    <select
      id={id}
      aria-describedby={`${id}-help`}
      value={String(value)}
      onChange={(event) => {
        choose({ [field.key]: event.target.value });
      }}
    >
      {choices.map(([key, label]) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Typed({ id, field }: { readonly id: string; readonly field: NumberField | ListField }) {
  const value = useTraining((state) => state.choice[field.key]);
  const choose = useTraining((state) => state.choose);
  const written = Array.isArray(value) ? value.join(', ') : value === null ? '' : String(value);
  // What is typed stays as it is while it means nothing; the setting keeps its last value.
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? written;
  const isWrong = typed !== null && parseField(field, typed) === undefined;
  return (
    <input
      id={id}
      inputMode={field.kind === 'list' ? 'text' : 'decimal'}
      aria-describedby={`${id}-help`}
      aria-invalid={isWrong}
      value={shown}
      onChange={(event) => {
        const text = event.target.value;
        const meant = parseField(field, text);
        setTyped(text);
        if (meant !== undefined) choose({ [field.key]: meant });
      }}
      onBlur={() => {
        setTyped(null);
      }}
    />
  );
}
