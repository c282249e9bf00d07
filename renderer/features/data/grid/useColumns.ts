import type { RefObject } from 'react';
import { useLayoutEffect, useState } from 'react';

/** The least width of a tile, and the gap that belongs to it. */
const leastTile = 118;

/** How many tiles stand beside each other, and the height of a row of square ones. */
export function useColumns(scroller: RefObject<HTMLElement | null>): { columns: number; tile: number } {
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  });
  const columns = Math.max(2, Math.floor(width / leastTile));
  return { columns, tile: Math.floor(width / columns) };
}
