import type { TrainSettings } from '../../../../shared/domain/run.ts';

/** A setting that is not the same in all runs, and what it is in each. */
export interface Difference {
  readonly setting: keyof TrainSettings;
  readonly values: readonly string[];
}

/** The settings in which runs differ, in the order of the settings. */
export function differencesOf(runs: readonly TrainSettings[]): Difference[] {
  const [first] = runs;
  if (first === undefined) return [];
  return (Object.keys(first) as (keyof TrainSettings)[]).flatMap((setting) => {
    const values = runs.map((run) => text(run[setting]));
    return new Set(values).size > 1 ? [{ setting, values }] : [];
  });
}

function text(value: TrainSettings[keyof TrainSettings]): string {
  if (value === null) return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(text).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
