import { useEffect, useRef, useState } from 'react';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { thawError } from '../../../../shared/errors.ts';
import { useApp } from '../../../stores/app.ts';
import type { Arrangement, Layout } from './layout.ts';
import { structureOf } from './structure.ts';
import type { LayoutAnswer, LayoutMessage } from './worker.ts';

/** A finished layout and what it was made for. */
export interface LaidOut {
  readonly layout: Layout;
  readonly model: ModelReport;
  readonly arrangement: Arrangement;
  readonly expanded: ReadonlySet<string>;
  readonly milliseconds: number;
}

/** The network laid out off the page's thread; the last layout stays until the next is done. */
export function useLayout(
  model: ModelReport,
  arrangement: Arrangement,
  expanded: ReadonlySet<string>,
  size: { readonly width: number; readonly height: number } | null,
): LaidOut | null {
  // Only rows follow the window's shape, in steps: a window being dragged is not laid out anew at every pixel.
  const shape = size === null ? null : arrangement === 'compact' ? size.width / size.height : 1;
  const aspect = shape === null ? null : Math.max(0.25, Math.round(4 * shape) / 4);

  const [laidOut, setLaidOut] = useState<LaidOut | null>(null);
  const worker = useRef<Worker | null>(null);
  const asked = useRef(0);

  useEffect(() => {
    const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'layout' });
    made.onerror = ({ message }) => {
      useApp
        .getState()
        .report(thawError('internal', 'The network could not be laid out.', { detail: message }));
    };
    tell(made, { type: 'network', structure: structureOf(model) });
    worker.current = made;
    return () => {
      made.terminate();
      worker.current = null;
    };
  }, [model]);

  useEffect(() => {
    const { current } = worker;
    if (current === null || aspect === null) return;
    asked.current += 1;
    const id = asked.current;
    current.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.id !== id) return;
      setLaidOut({ layout: data.layout, model, arrangement, expanded, milliseconds: data.milliseconds });
    };
    tell(current, { type: 'layout', id, choice: { arrangement, expanded: [...expanded], aspect } });
  }, [model, arrangement, expanded, aspect]);

  return laidOut?.model === model ? laidOut : null;
}

function tell(worker: Worker, message: LayoutMessage): void {
  worker.postMessage(message);
}
