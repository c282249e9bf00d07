/** "7 × 7 × 160". */
export function shapeText(shape: readonly number[]): string {
  return shape.join(' × ');
}

/** 155,264 as "155 K". */
export function shortCount(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)} M`;
  if (count >= 1e4) return `${Math.round(count / 1e3)} K`;
  if (count >= 1e3) return `${(count / 1e3).toFixed(1)} K`;
  return String(count);
}

export function percentText(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '–';
}
