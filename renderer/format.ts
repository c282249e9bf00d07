import { language } from './messages/index.ts';

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const three = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const exponents: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((digit, index) => [digit, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][index] ?? digit]),
);
const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(language, {
  dateStyle: 'short',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const unknown = '–';

/** "7 × 7 × 160". */
export function shapeText(shape: readonly number[]): string {
  return shape.join(' × ');
}

/** 155,264 as "155 K". */
export function shortCount(count: number): string {
  if (count >= 1e9) return `${twoDigits.format(count / 1e9)} G`;
  if (count >= 1e6) return `${twoDigits.format(count / 1e6)} M`;
  if (count >= 1e4) return `${whole.format(count / 1e3)} K`;
  if (count >= 1e3) return `${oneDigit.format(count / 1e3)} K`;
  return String(count);
}

/** "2,569". */
export function countText(count: number): string {
  return Number.isFinite(count) ? whole.format(count) : unknown;
}

export function percentText(share: number): string {
  return Number.isFinite(share) ? `${oneDigit.format(100 * share)} %` : unknown;
}

/** Three digits after the point: losses. */
export function lossText(loss: number): string {
  return Number.isFinite(loss) ? three.format(loss) : unknown;
}

/** "0.003", and "2.6 × 10⁻⁵" for what is smaller than a thousandth. */
export function rateText(rate: number): string {
  if (!Number.isFinite(rate)) return unknown;
  if (rate === 0 || Math.abs(rate) >= 1e-3) return String(Number(rate.toPrecision(3)));
  const [digits = '', exponent = ''] = rate.toExponential(1).split('e');
  return `${digits.replace(/\.0$/, '')} × 10${[...exponent].map((one) => exponents[one] ?? one).join('')}`;
}

/** "3.1 GB". */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${oneDigit.format(bytes / 1e9)} GB`;
  if (bytes >= 1e6) return `${whole.format(bytes / 1e6)} MB`;
  return `${whole.format(bytes / 1e3)} KB`;
}

/** "54 s", "3 min 20 s", "2 h 5 min". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return unknown;
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3600)} h ${Math.floor((total % 3600) / 60)} min`;
}

/** The time of day of a moment of ISO 8601, to the second; on another day with its date. */
export function timeText(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return unknown;
  const isToday = moment.toDateString() === new Date().toDateString();
  return (isToday ? clock : dayAndClock).format(moment);
}

/** A moment of ISO 8601 for a person. */
export function dateText(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? unknown : when.format(moment);
}
