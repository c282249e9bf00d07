import { Panel, useReactFlow } from '@xyflow/react';
import { messages } from '../../../../messages/index.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Size } from './useSize.ts';
import { wholeView } from './viewport.ts';

interface ZoomButtonsProps {
  readonly layout: Layout;
  readonly size: Size | null;
}

/** Nearer, farther, everything. */
export function ZoomButtons({ layout, size }: ZoomButtonsProps) {
  const flow = useReactFlow();
  const text = messages.network.zoom;
  const buttons = [
    { label: text.in, path: 'M8 3v10M3 8h10', press: () => void flow.zoomIn() },
    { label: text.out, path: 'M3 8h10', press: () => void flow.zoomOut() },
    {
      label: text.fit,
      path: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
      press: () => {
        if (size !== null) void flow.setViewport(wholeView(layout, size));
      },
    },
  ];
  return (
    <Panel position="bottom-left" className="zoom-buttons">
      {buttons.map(({ label, path, press }) => (
        <button key={label} type="button" aria-label={label} title={label} onClick={press}>
          <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden focusable={false}>
            <path d={path} />
          </svg>
        </button>
      ))}
    </Panel>
  );
}
