import type { EpochMetrics } from '../../../../shared/domain/run.ts';
import type { Point } from '../../../../shared/domain/chart/series.ts';
import { decimate, smooth } from '../../../../shared/domain/chart/series.ts';

/** One line of a chart. */
export interface Line {
  readonly label: string;
  /** Name of the colour's variable, without dashes. */
  readonly colour: string;
  readonly points: readonly Point[];
  /** Drawn thin and pale, behind the others, and left out of smoothing. */
  readonly isFaint?: boolean;
  readonly isDashed?: boolean;
}

/** A stretch of a chart with one phase. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly isFineTune: boolean;
}

type Measure = 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' | 'learningRate' | 'imagesPerSecond';

/** A measure of every epoch, at its number. */
export function epochPoints(epochs: readonly EpochMetrics[], measure: Measure): Point[] {
  return epochs.map((one, index) => ({ x: index + 1, y: one[measure] }));
}

/** Lines as they are drawn: smoothed, then thinned to what a chart of this width can show. */
export function drawnLines(lines: readonly Line[], smoothing: number, width: number): readonly Line[] {
  return lines.map((line) => {
    if (line.isFaint === true || smoothing === 0)
      return { ...line, points: decimate(line.points, Math.max(50, width)) };
    const ys = smooth(
      line.points.map(({ y }) => y),
      smoothing,
    );
    const points = line.points.map(({ x }, index) => ({ x, y: ys[index] ?? NaN }));
    return { ...line, points: decimate(points, Math.max(50, width)) };
  });
}

/** The phases of a training's epochs, in order. */
export function bandsOf(
  epochs: readonly EpochMetrics[],
  label: (phase: EpochMetrics['phase']) => string,
): Band[] {
  const bands: Band[] = [];
  for (const [index, { phase, phaseNumber, epoch }] of epochs.entries()) {
    const last = bands.at(-1);
    const isFineTune = phase === 'fine-tune';
    const isSame = last?.isFineTune === isFineTune && epochs[index - 1]?.phaseNumber === phaseNumber;
    // A run that continues another starts counting again.
    if (last !== undefined && isSame && epoch > 1) bands[bands.length - 1] = { ...last, to: index + 1 };
    else bands.push({ from: index, to: index + 1, label: label(phase), isFineTune });
  }
  return bands;
}

/** Comma-separated values, a row a place along the training; nothing where a line has no value there. */
export function csvOf(lines: readonly Line[]): string {
  const rows = new Map<number, (number | undefined)[]>();
  for (const [column, { points }] of lines.entries())
    for (const { x, y } of points) {
      const row = rows.get(x) ?? [];
      row[column] = y;
      rows.set(x, row);
    }
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const header = ['epoch', ...lines.map(({ label }) => cell(label))].join(',');
  const body = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([x, values]) =>
      [
        x,
        ...lines.map((_, column) => {
          const value = values[column];
          return value === undefined || Number.isNaN(value) ? '' : value;
        }),
      ].join(','),
    );
  return `${[header, ...body].join('\n')}\n`;
}
