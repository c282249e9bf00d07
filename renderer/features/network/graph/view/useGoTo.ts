import { useCallback, useEffect } from 'react';
import { useReactFlow } from '@xyflow/react';
import { useNetworkView } from '../../../../stores/network/view.ts';
import type { ItemId } from '../../items.ts';
import type { Layout } from '../../layout/layout.ts';
import { wantFocus } from '../keys/focus.ts';
import type { Size } from './useSize.ts';
import { placeOf, viewTo } from './viewport.ts';

/** Makes an item the active one, brings it into view if it is not, and gives it the focus. */
export function useGoTo(layout: Layout | null, size: Size | null): (item: ItemId) => void {
  const flow = useReactFlow();
  const wish = useNetworkView((view) => view.wish);
  const goTo = useCallback(
    (item: ItemId) => {
      const node = layout === null ? undefined : placeOf(layout, item);
      if (node === undefined || size === null) return;
      wantFocus(item);
      useNetworkView.getState().activate(item);
      const view = viewTo(node, size, flow.getViewport());
      if (view !== null) void flow.setViewport(view);
    },
    [flow, layout, size],
  );
  useEffect(() => {
    if (wish === null || layout === null || placeOf(layout, wish) === undefined) return;
    goTo(wish);
    useNetworkView.getState().fulfil();
  }, [wish, layout, goTo]);
  return goTo;
}
