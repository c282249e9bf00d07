import { useLayoutEffect, useRef } from 'react';
import { useReactFlow } from '@xyflow/react';
import { blockItem } from '../../items.ts';
import type { LaidOut } from '../../layout/useLayout.ts';
import type { Size } from './useSize.ts';
import { placeOf, steadyView, viewOf } from './viewport.ts';

/**
 * Where the view goes after a new layout: a block that was opened or closed stays where it was on the screen; anything
 * else is fitted into the window.
 */
export function useSteadyView(laidOut: LaidOut | null, size: Size | null): void {
  const flow = useReactFlow();
  const before = useRef<LaidOut>(null);
  useLayoutEffect(() => {
    const last = before.current;
    if (laidOut === null || size === null || last?.layout === laidOut.layout) return;
    before.current = laidOut;
    const changed = last === null ? null : changedBlock(last.expanded, laidOut.expanded);
    const isSameView = last?.model === laidOut.model && last.arrangement === laidOut.arrangement;
    const was = changed === null || !isSameView ? undefined : placeOf(last.layout, blockItem(changed));
    const is = changed === null ? undefined : placeOf(laidOut.layout, blockItem(changed));
    void flow.setViewport(
      was === undefined || is === undefined
        ? viewOf(laidOut.layout, size, laidOut.arrangement)
        : steadyView(was, is, flow.getViewport()),
    );
  }, [laidOut, size, flow]);
}

/** The one block that was opened or closed; null for none or several. */
function changedBlock(one: ReadonlySet<string>, other: ReadonlySet<string>): string | null {
  const changed = [...one, ...other].filter((block) => one.has(block) !== other.has(block));
  return changed.length === 1 ? (changed[0] ?? null) : null;
}
