import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { Band, Line } from './lines.ts';

/** What a plot draws beside its lines. */
export interface Marks {
  readonly bands: readonly Band[];
  /** The best epoch and its value; null where there is none. */
  readonly best: { readonly x: number; readonly y: number } | null;
}

export interface PlotOptions {
  readonly lines: readonly Line[];
  readonly isLogarithmic: boolean;
  readonly format: (value: number) => string;
  readonly marks: () => Marks;
  /** Called with the index of what the pointer is over, null when it leaves. */
  readonly onHover: (index: number | null) => void;
}

export const plotHeight = 210;

/** Makes an empty plot. Colours are read from the page, so a change of theme needs a new one. */
export function makePlot(element: HTMLElement, options: PlotOptions): uPlot {
  const colour = colours(element);
  const axis = {
    stroke: colour('muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return new uPlot(
    {
      width: Math.max(1, element.clientWidth),
      height: plotHeight,
      padding: [12, 10, 0, 0],
      scales: { x: { time: false }, y: { distr: options.isLogarithmic ? 3 : 1 } },
      legend: { show: false },
      cursor: { points: { size: 8 }, drag: { x: false, y: false } },
      axes: [
        { ...axis, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] },
        {
          ...axis,
          size: 62,
          values: (_, values) =>
            values.map((value: number | null) => (value === null ? '' : options.format(value))),
        },
      ],
      series: [
        {},
        ...options.lines.map(({ label, colour: name, isFaint, isDashed }): uPlot.Series => ({
          label,
          stroke: colour(name),
          width: isFaint === true ? 1 : 2,
          alpha: isFaint === true ? 0.4 : 1,
          points: { show: false },
          ...(isDashed === true && { dash: [6, 4] }),
        })),
      ],
      hooks: {
        drawClear: [
          (plot) => {
            drawBands(plot, options.marks().bands, colour);
          },
        ],
        draw: [
          (plot) => {
            drawBest(plot, options.marks().best, colour);
          },
        ],
        setCursor: [
          (plot) => {
            options.onHover(plot.cursor.idx ?? null);
          },
        ],
      },
    },
    [[], ...options.lines.map(() => [])],
    element,
  );
}

/** Lines of different places put over one row of places. */
export function alignedData(lines: readonly Line[]): uPlot.AlignedData {
  const tables = lines.map(({ points }): uPlot.AlignedData => [
    points.map(({ x }) => x),
    points.map(({ y }) => (Number.isFinite(y) ? y : null)),
  ]);
  if (tables.every(([xs]) => xs.length === 0)) return [[], ...lines.map(() => [])];
  return uPlot.join(tables);
}

type Colour = (name: string) => string;

function colours(element: HTMLElement): Colour {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

function drawBands(plot: uPlot, bands: readonly Band[], colour: Colour): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  for (const { from, to, label, isFineTune } of bands) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true));
    if (!(right > left)) continue;
    if (isFineTune) {
      ctx.globalAlpha = 0.55;
      ctx.fillStyle = colour('amber');
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.globalAlpha = 1;
    }
    if (from > 0) {
      ctx.fillStyle = colour('line-strong');
      ctx.fillRect(left, bbox.top, devicePixelRatio, bbox.height);
    }
    if (right - left < ctx.measureText(label).width + 12 * devicePixelRatio) continue;
    ctx.fillStyle = colour(isFineTune ? 'amber-ink' : 'muted');
    ctx.fillText(label, left + 6 * devicePixelRatio, bbox.top + 2 * devicePixelRatio);
  }
  ctx.restore();
}

function drawBest(plot: uPlot, best: Marks['best'], colour: Colour): void {
  if (best === null || !Number.isFinite(best.y)) return;
  const { ctx } = plot;
  const [x, y] = [plot.valToPos(best.x, 'x', true), plot.valToPos(best.y, 'y', true)];
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, 5 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fillStyle = colour('surface');
  ctx.fill();
  ctx.lineWidth = 2.5 * devicePixelRatio;
  ctx.strokeStyle = colour('validation-line');
  ctx.stroke();
  ctx.restore();
}
