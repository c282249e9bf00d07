import { expect, it } from 'vitest';
import { trainSettingsSchema } from '../../../../shared/ipc/training/trainSettings.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { fields, parseField } from './fields.ts';

it('accepts what the engine accepts at the bounds of every field, and nothing beyond', () => {
  const base = { ...defaultTrainSettings, dataset: 'd' };
  for (const field of fields) {
    if (field.kind !== 'number') continue;
    for (const bound of [field.least, field.most]) {
      expect(parseField(field, String(bound))).toBe(bound);
      expect(trainSettingsSchema.safeParse({ ...base, [field.key]: bound }).success).toBe(true);
    }
    expect(parseField(field, String(field.least - 1))).toBeUndefined();
    expect(parseField(field, String(field.most + 1))).toBeUndefined();
    expect(parseField(field, 'many')).toBeUndefined();
    expect(parseField(field, '')).toBe(field.isOptional === true ? null : undefined);
    if (field.isWhole) expect(parseField(field, String(field.least + 0.5))).toBeUndefined();
  }
});

it('reads the widths of hidden layers', () => {
  const units = fields.find(({ key }) => key === 'headUnits');
  if (units?.kind !== 'list') throw new Error('headUnits is a list');
  expect(parseField(units, '256, 64')).toEqual([256, 64]);
  expect(parseField(units, ' ')).toEqual([]);
  expect(parseField(units, '256, many')).toBeUndefined();
  expect(parseField(units, '0')).toBeUndefined();
});
