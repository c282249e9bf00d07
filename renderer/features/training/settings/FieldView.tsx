import { useId, useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { useTraining } from '../../../stores/training.ts';
import type { ChoiceField, Field, ListField, NumberField } from './fields.ts';
import { parseField } from './fields.ts';

/** A setting: its name, its value, and in plain words what it does. */
export function FieldView({ field }: { readonly field: Field }) {
  const id = useId();
  const words = messages.training.fields[field.key];
  return (
    <div className="field">
      <label htmlFor={id}>{words.label}</label>
      {field.kind === 'choice' ? <Choice id={id} field={field} /> : <Typed id={id} field={field} />}
      <p id={`${id}-help`} className="muted help">
        {words.help}
      </p>
    </div>
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
