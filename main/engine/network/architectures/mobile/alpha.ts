/** Ways a width multiplier is written: 1.0, 1.00, 100 (hundredths), with or without the image size behind it. */
export function alphaSpellings(prefixes: readonly string[], alpha: number): string[] {
  const written = [
    alpha.toFixed(1),
    alpha.toFixed(2),
    String(alpha),
    String(Math.round(alpha * 100)).padStart(3, '0'),
  ];
  return prefixes.flatMap((prefix) => [
    ...(alpha === 1 ? [prefix] : []),
    ...written.flatMap((text) => [`${prefix}-${text}`, `${prefix}-${text}-224`]),
  ]);
}

/** `1.0`, `0.35`: at least one digit behind the point. */
export function alphaText(alpha: number): string {
  return Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
}
