import type { JsonValue } from '../../../../../shared/domain/network.ts';
import { percentText, shapeText } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';

/** A setting of a layer in words. */
export interface ConfigFact {
  readonly name: string;
  readonly value: string;
}

type Config = Readonly<Record<string, JsonValue>>;

const text = messages.inspector.configuration;

/** Settings that say nothing when they have their usual value. */
const usual: Readonly<Record<string, JsonValue>> = {
  data_format: 'channels_last',
  dilation_rate: [1, 1],
  groups: 1,
  depth_multiplier: 1,
  sparse: false,
  ragged: false,
  keepdims: false,
  threshold: 0,
  negative_slope: 0,
  output_padding: null,
  supports_masking: true,
};

/** A layer's Keras configuration in plain words; what has no words of ours keeps Keras's. */
export function configurationOf(type: string, config: Config): ConfigFact[] {
  return Object.entries(config)
    .filter(([key, value]) => value !== null && !isSame(usual[key], value))
    .map(([key, value]) => ({ name: nameOf(key, value), value: valueOf(type, key, value) }));
}

function nameOf(key: string, value: JsonValue): string {
  const names: Readonly<Record<string, string>> = text.names;
  // Rescaling has a number where normalisations have yes or no.
  if (key === 'scale' && typeof value === 'number') return text.names.factor;
  return names[key] ?? key.replaceAll('_', ' ');
}

function valueOf(type: string, key: string, value: JsonValue): string {
  if (typeof value === 'boolean') return value ? text.yes : text.no;
  if (key === 'activation' && value === 'linear') return text.noActivation;
  if (key === 'padding' && typeof value === 'string')
    return (text.paddings as Readonly<Record<string, string>>)[value] ?? value;
  if ((key === 'padding' || key === 'cropping') && Array.isArray(value)) return edgesText(value);
  if (key === 'rate' && typeof value === 'number' && /Dropout|StochasticDepth/.test(type))
    return text.share(percentText(value));
  if (key === 'momentum' && typeof value === 'number') return text.keeps(percentText(value));
  if (key === 'strides' && isNumbers(value))
    return text.stride(
      shapeText(value),
      value.some((step) => step > 1),
    );
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (typeof value === 'string') return value;
  if (isNumbers(value)) return value.length === 1 ? String(value[0]) : shapeText(value.map(rounded));
  return JSON.stringify(value);
}

/** [[top, bottom], [left, right]], or Keras's shorter ways to say it. */
function edgesText(value: readonly JsonValue[]): string {
  const [rows, columns] = value.map((side) => (isNumbers(side) ? side : [side, side]));
  const [top, bottom] = rows ?? [];
  const [left, right] = columns ?? [];
  const sides = [top, bottom, left, right].map(Number);
  const [above = 0, below = 0, before = 0, after = 0] = sides;
  return text.edges(above, below, before, after);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function isNumbers(value: JsonValue): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}

function isSame(one: JsonValue | undefined, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
