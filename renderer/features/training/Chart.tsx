import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

interface ChartProps {
  readonly title: string;
  readonly epochs: readonly number[];
  readonly series: readonly {
    readonly label: string;
    readonly colour: string;
    readonly values: readonly number[];
  }[];
  readonly format: (value: number) => string;
}

const height = 220;

/** Lines over epochs. Drawn on a canvas; a table for screen readers says the same. */
export function Chart({ title, epochs, series, format }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const labels = series.map(({ label }) => label).join();

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const ink = getComputedStyle(element).color;
    const axis = { stroke: ink, grid: { stroke: 'rgba(128, 140, 150, 0.25)' }, ticks: { show: false } };
    const drawn = new uPlot(
      {
        width: element.clientWidth,
        height,
        scales: { x: { time: false } },
        legend: { show: false },
        axes: [axis, { ...axis, size: 56, values: (_, values) => values.map(format) }],
        series: [
          {},
          ...series.map(({ label, colour }) => ({
            label,
            stroke: colour,
            width: 2,
            points: { show: false },
          })),
        ],
      },
      [[], ...series.map(() => [])],
      element,
    );
    plot.current = drawn;
    const watch = new ResizeObserver(() => {
      drawn.setSize({ width: element.clientWidth, height });
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.destroy();
      plot.current = null;
    };
    // Values come through setData below; a chart is made anew only for other lines.
  }, [labels]);

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      plot.current?.setData([[...epochs], ...series.map(({ values }) => values.map(finite))]);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [epochs, series]);

  const last = series.map(({ label, values }) => `${label} ${format(values.at(-1) ?? NaN)}`).join(', ');
  return (
    <figure className="chart">
      <figcaption>
        <strong>{title}</strong>
        {series.map(({ label, colour }, index) => (
          <span key={label} className={`key line-${index}`} data-colour={colour}>
            {label}
          </span>
        ))}
        <span className="muted">{epochs.length > 0 && last}</span>
      </figcaption>
      <div ref={holder} className="plot" role="img" aria-label={`${title}: ${last}`} />
    </figure>
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
