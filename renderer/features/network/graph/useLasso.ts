import { useMemo, useRef } from 'react';
import type { NodeChange } from '@xyflow/react';
import { useNetworkView } from '../../../stores/network/view.ts';
import type { ItemId } from '../items.ts';
import type { GraphNode } from './elements.ts';

/** Selecting by dragging: what the graph library tells of it is gathered into the selection. */
export function useLasso() {
  const gathering = useRef<Set<ItemId> | null>(null);
  return useMemo(
    () => ({
      onSelectionStart() {
        gathering.current = new Set();
      },
      onNodesChange(changes: NodeChange<GraphNode>[]) {
        const items = gathering.current;
        if (items === null) return;
        for (const change of changes) {
          if (change.type !== 'select') continue;
          if (change.selected) items.add(change.id as ItemId);
          else items.delete(change.id as ItemId);
        }
        useNetworkView.getState().select(new Set(items));
      },
      onSelectionEnd() {
        gathering.current = null;
      },
    }),
    [],
  );
}
