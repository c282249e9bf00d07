import { useEffect, useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { messages } from '../../../messages/index.ts';
import { useTheme } from '../../../stores/frame/theme.ts';
import { download, pngOf } from '../../../ui/download.ts';
import { ChartMenu } from './ChartMenu.tsx';
import type { Line } from './lines.ts';
import { csvOf, drawnLines } from './lines.ts';
import type { Marks } from './plot.ts';
import { alignedData, makePlot, plotHeight } from './plot.ts';

interface ChartProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly marks: Marks;
  /** The place the horizontal axis ends at. */
  readonly end: number;
  readonly smoothing: number;
  readonly format: (value: number) => string;
}

/** Lines over epochs. Drawn on a canvas, at most once a frame; its label tells screen readers the last values. */
export function Chart({ title, lines, marks, end, smoothing, format }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ marks, format, lines });
  latest.current = { marks, format, lines };
  const theme = useTheme((state) => state.shown);
  const [isLogarithmic, setIsLogarithmic] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [hovered, setHovered] = useState<number | null>(null);
  const [width, setWidth] = useState(400);
  const shown = useMemo(() => lines.filter(({ label }) => !hidden.has(label)), [lines, hidden]);
  const drawn = useMemo(() => drawnLines(shown, smoothing, width), [shown, smoothing, width]);
  const data = useMemo(() => alignedData(drawn), [drawn]);
  const kind = shown.map(({ label }) => label).join();

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const made = makePlot(element, {
      lines: latest.current.lines.filter(({ label }) => kind.split(',').includes(label)),
      isLogarithmic,
      format: (value) => latest.current.format(value),
      marks: () => latest.current.marks,
      onHover: setHovered,
    });
    plot.current = made;
    const watch = new ResizeObserver(() => {
      made.setSize({ width: Math.max(1, element.clientWidth), height: plotHeight });
      setWidth(element.clientWidth);
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
    // A plot is made anew for other lines, another scale or other colours; values come below.
  }, [kind, isLogarithmic, theme]);

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const current = plot.current;
      if (current === null) return;
      current.batch(() => {
        current.setData(data);
        current.setScale('x', { min: 0, max: Math.max(1, end) });
      });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [data, end, marks, kind, isLogarithmic, theme]);

  const last = shown
    .filter(({ isFaint }) => isFaint !== true)
    .map(({ label, points }) => `${label} ${format(points.at(-1)?.y ?? NaN)}`)
    .join(', ');
  const save = async (): Promise<void> => {
    const canvas = holder.current?.querySelector('canvas');
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
    const png = canvas ? await pngOf(canvas, ground) : null;
    if (png !== null) download(`${title}.png`, png);
  };
  return (
    <figure className="chart">
      <figcaption>
        <strong>{title}</strong>
        {lines
          .filter(({ isFaint }) => isFaint !== true && lines.length > 1)
          .map(({ label, colour }) => (
            <Key
              key={label}
              label={label}
              colour={colour}
              isShown={!hidden.has(label)}
              onToggle={() => {
                setHidden(toggled(hidden, label));
              }}
            />
          ))}
        <span className="spring" />
        <output className="muted readout">
          {hovered === null ? '' : readout(data, drawn, hovered, format)}
        </output>
        <ChartMenu
          title={title}
          isLogarithmic={isLogarithmic}
          onLogarithmic={setIsLogarithmic}
          onPng={() => void save()}
          onCsv={() => {
            download(`${title}.csv`, new Blob([csvOf(lines)], { type: 'text/csv' }));
          }}
        />
      </figcaption>
      <div ref={holder} className="plot" role="img" aria-label={`${title}: ${last}`} />
    </figure>
  );
}

interface KeyProps {
  readonly label: string;
  readonly colour: string;
  readonly isShown: boolean;
  onToggle(): void;
}

function Key({ label, colour, isShown, onToggle }: KeyProps) {
  return (
    <button type="button" className="bare key" aria-pressed={isShown} onClick={onToggle}>
      <span className={`swatch ${colour}`} aria-hidden />
      {label}
    </button>
  );
}

function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const other = new Set(set);
  if (!other.delete(member)) other.add(member);
  return other;
}

/** A line's value at a place, or the one before it: lines have values at places of their own. */
function valueAt(values: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let before = index; before >= 0; before -= 1) {
    const value = values[before];
    if (value !== undefined) return value;
  }
  return null;
}

/** The values at a place, for someone who points at it. */
function readout(
  data: uPlot.AlignedData,
  lines: readonly Line[],
  index: number,
  format: (value: number) => string,
): string {
  const x = data[0][index];
  if (x === undefined) return '';
  const values = lines.flatMap(({ label, isFaint }, line) => {
    const value = isFaint === true ? null : valueAt(data[line + 1] ?? [], index);
    return value === null ? [] : [`${label} ${format(value)}`];
  });
  return [messages.training.charts.at(Number(x.toFixed(2))), ...values].join(' · ');
}
