import { countText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import type { ThawCost } from './thawCost.ts';

const text = messages.network.cost;

/** "8 s", "3 min", and no false precision below a second. */
export function roughDuration(seconds: number): string {
  if (seconds < 1) return text.lessThanASecond;
  return seconds < 90 ? text.seconds(Math.round(seconds)) : text.minutes(Math.round(seconds / 60));
}

export function roughBytes(bytes: number): string {
  return bytes >= 1e9 ? text.gigabytes((bytes / 1e9).toFixed(1)) : text.megabytes(Math.ceil(bytes / 1e6));
}

/** What there is to compute once before training from somewhere: its time, or that it is all kept. */
export function featuresText({ seconds, wanted, present }: ThawCost): string {
  const told = messages.inspector.thawing;
  if (wanted === 0) return told.withoutData;
  if (present >= wanted) return told.allKept;
  const rest = told.images(countText(wanted - present));
  return seconds === null ? rest : `${roughDuration(seconds.once)}, ${rest}`;
}

export function epochText({ seconds, wanted }: ThawCost): string {
  if (wanted === 0) return messages.inspector.thawing.withoutData;
  return seconds === null ? text.unknown : roughDuration(seconds.epoch);
}
