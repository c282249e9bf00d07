import { memo, useMemo } from 'react';
import { useStore, ViewportPortal } from '@xyflow/react';
import type { Box, Layout, PlacedEdge } from '../layout/layout.ts';
import { itemOf } from '../items.ts';
import { useGradientReach } from '../planView.ts';

/** The view is looked at in steps of this many pixels at zoom 1, so that panning seldom changes what is drawn. */
const step = 600;

/** The edges in and near the view, along the routes they were laid out on. */
export function Routes({ layout }: { readonly layout: Layout }) {
  const view = useStore(viewKey);
  const visible = useMemo(() => visibleEdges(layout, view), [layout, view]);
  return (
    <ViewportPortal>
      <svg className="routes" width={1} height={1} aria-hidden>
        {visible.map((edge) => (
          <Route key={`${itemOf(edge.source)} ${itemOf(edge.target)}`} edge={edge} />
        ))}
      </svg>
    </ViewportPortal>
  );
}

/**
 * Amber: a gradient comes back this way; dashed: here frozen values go into what trains, so here they are cached; ice:
 * computed once.
 */
const Route = memo(function Route({ edge }: { readonly edge: PlacedEdge }) {
  const reach = useGradientReach(itemOf(edge.source), itemOf(edge.target));
  return (
    <path
      className={`route ${reach}`}
      d={edge.path}
      data-route={`${edge.source.name} > ${edge.target.name}`}
    />
  );
});

interface Shown {
  readonly transform: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
}

/** The part of the drawing in view, in whole steps; as text, so that an equal one changes nothing. */
function viewKey({ transform: [x, y, zoom], width, height }: Shown): string {
  const left = Math.floor(-x / zoom / step) - 1;
  const top = Math.floor(-y / zoom / step) - 1;
  const right = Math.ceil((width - x) / zoom / step) + 1;
  const bottom = Math.ceil((height - y) / zoom / step) + 1;
  return [left, top, right, bottom].join(' ');
}

function visibleEdges({ edges }: Layout, view: string): readonly PlacedEdge[] {
  const [left = 0, top = 0, right = 0, bottom = 0] = view.split(' ').map((steps) => Number(steps) * step);
  const isVisible = ({ x, y, width, height }: Box): boolean =>
    x < right && x + width > left && y < bottom && y + height > top;
  return edges.filter(({ box }) => isVisible(box));
}
