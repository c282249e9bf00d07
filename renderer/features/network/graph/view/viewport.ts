import type { Viewport } from '@xyflow/react';
import type { Arrangement, Box, Layout, PlacedNode } from '../../layout/layout.ts';
import type { ItemId } from '../../items.ts';
import { itemOf } from '../../items.ts';
import type { Size } from './useSize.ts';

/** Room kept free around the graph, in pixels of the screen; the buttons lie at the bottom. */
const margin = { side: 28, top: 24, bottom: 58 } as const;
const largest = 1.15;
/** Smaller than this a network that is one long line is shown from its beginning instead of as a whole. */
const smallest = 0.3;
const reading = 0.8;

/** The view that shows a whole layout, or the beginning of one that is a long line. */
export function viewOf(layout: Layout, size: Size, arrangement: Arrangement): Viewport {
  const bounds = boundsOf(layout.nodes);
  const room = { width: size.width - 2 * margin.side, height: size.height - margin.top - margin.bottom };
  const across = { width: room.width / bounds.width, height: room.height / bounds.height };
  const whole = Math.min(across.width, across.height, largest);
  if (whole >= smallest || arrangement === 'compact') return centred(bounds, size, whole);
  const zoom = Math.min(reading, arrangement === 'down' ? across.width : across.height);
  const centre = centred(bounds, size, zoom);
  return arrangement === 'down'
    ? { ...centre, y: margin.top - bounds.y * zoom }
    : { ...centre, x: margin.side - bounds.x * zoom };
}

/** The view with all of a layout. */
export function wholeView(layout: Layout, size: Size): Viewport {
  return viewOf(layout, size, 'compact');
}

/** The view with a node in its middle, at a zoom at which it can be read; null if it is in view already. */
export function viewTo(node: Box, size: Size, { x, y, zoom }: Viewport): Viewport | null {
  const left = node.x * zoom + x;
  const top = node.y * zoom + y;
  // Of a tall frame the title is enough.
  const height = Math.min(node.height, 100);
  const isInView =
    zoom >= smallest &&
    left >= 8 &&
    top >= 8 &&
    left + node.width * zoom <= size.width - 8 &&
    top + height * zoom <= size.height - 8;
  if (isInView) return null;
  const near = Math.max(zoom, reading);
  return {
    x: size.width / 2 - (node.x + node.width / 2) * near,
    y: size.height / 2 - (node.y + height / 2) * near,
    zoom: near,
  };
}

/** The view in which an item that has moved is where it was on the screen. */
export function steadyView(was: Box, is: Box, { x, y, zoom }: Viewport): Viewport {
  return { x: x - (is.x - was.x) * zoom, y: y - (is.y - was.y) * zoom, zoom };
}

export function placeOf({ nodes }: Layout, item: ItemId): PlacedNode | undefined {
  return nodes.find((node) => itemOf(node) === item);
}

function centred(bounds: Box, size: Size, zoom: number): Viewport {
  const height = size.height - margin.top - margin.bottom;
  return {
    x: size.width / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: margin.top + height / 2 - (bounds.y + bounds.height / 2) * zoom,
    zoom,
  };
}

function boundsOf(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
