import type { Catalogue } from '../../../messages/index.ts';
import type { TrainingChoice } from '../../../stores/training/settings.ts';
import { recipeFields } from './recipeFields.ts';

type FieldKey = keyof Catalogue['training']['fields'] & keyof TrainingChoice;

interface FieldBase<Kind extends string> {
  readonly kind: Kind;
  readonly key: FieldKey;
  /** Advanced ones are folded away. */
  readonly isBasic: boolean;
  /** Shown only when layers are thawed. */
  readonly needsThawed?: boolean;
  /** Which fold it lies in, unless it is basic; `general` when not told. */
  readonly group?: FieldGroup;
}

export type FieldGroup = keyof Catalogue['training']['recipe']['groups'];

/** A number within bounds; `isOptional` may be left empty, which is null. */
export interface NumberField extends FieldBase<'number'> {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
  readonly isOptional?: boolean;
}

/** One of the choices the texts name. */
export type ChoiceField = FieldBase<'choice'>;

/** Whole numbers with commas between. */
export interface ListField extends FieldBase<'list'> {
  readonly most: number;
}

/** On or off. */
export type SwitchField = FieldBase<'switch'>;

export type Field = NumberField | ChoiceField | ListField | SwitchField;

/** The settings a training has, in the order of the form. Their words are in messages/training.ts. */
export const fields: readonly Field[] = [
  { key: 'epochs', kind: 'number', isBasic: true, least: 1, most: 100_000, isWhole: true },
  { key: 'learningRate', kind: 'number', isBasic: true, least: 1e-9, most: 100, isWhole: false },
  {
    key: 'fineTuneEpochs',
    kind: 'number',
    isBasic: true,
    needsThawed: true,
    least: 1,
    most: 100_000,
    isWhole: true,
  },
  {
    key: 'fineTuneLearningRate',
    kind: 'number',
    isBasic: true,
    needsThawed: true,
    least: 1e-9,
    most: 100,
    isWhole: false,
  },
  { key: 'batchSize', kind: 'number', isBasic: true, least: 1, most: 65_536, isWhole: true },
  { key: 'earlyStop', kind: 'number', isBasic: true, least: 0, most: 100_000, isWhole: true },
  { key: 'classWeights', kind: 'choice', isBasic: false },
  {
    key: 'dropout',
    kind: 'number',
    isBasic: false,
    least: 0,
    most: 0.95,
    isWhole: false,
    isOptional: true,
  },
  { key: 'headUnits', kind: 'list', isBasic: false, most: 65_536 },
  { key: 'batchNorm', kind: 'choice', isBasic: false, needsThawed: true },
  { key: 'resize', kind: 'choice', isBasic: false },
  {
    key: 'imageSize',
    kind: 'number',
    isBasic: false,
    least: 16,
    most: 4_096,
    isWhole: true,
    isOptional: true,
  },
  { key: 'seed', kind: 'number', isBasic: false, least: 0, most: 0xffff_ffff, isWhole: true },
  ...recipeFields,
];

/** What a text typed into a field means; undefined when it means nothing the field can have. */
export function parseField(
  field: NumberField | ListField,
  text: string,
): number | null | number[] | undefined {
  const typed = text.trim();
  if (field.kind === 'list') {
    const numbers = typed === '' ? [] : typed.split(/[\s,;]+/).map(Number);
    const isFine = numbers.length <= 8 && numbers.every((one) => isWithin(one, 1, field.most, true));
    return isFine ? numbers : undefined;
  }
  if (typed === '') return field.isOptional === true ? null : undefined;
  const number = Number(typed);
  return isWithin(number, field.least, field.most, field.isWhole) ? number : undefined;
}

function isWithin(number: number, least: number, most: number, isWhole: boolean): boolean {
  return number >= least && number <= most && (!isWhole || Number.isInteger(number));
}
