import { useCallback } from 'react';
import { MiniMap } from '@xyflow/react';
import { stateOf } from '../../../../../shared/domain/plan/edits.ts';
import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { headItem, layersOf } from '../../items.ts';
import type { GraphNode } from '../elements.ts';

/** The whole graph in small. */
export function GraphMap({ model }: { readonly model: ModelReport }) {
  const thawed = usePlan((plan) => plan.thawed);
  const nodeClassName = useCallback(
    ({ data, type }: GraphNode) => {
      if (type === 'frame') return 'frame';
      return data.item === headItem ? 'thawed' : stateOf(layersOf(model, data.item), thawed);
    },
    [model, thawed],
  );
  return <MiniMap<GraphNode> pannable zoomable ariaLabel={null} nodeClassName={nodeClassName} />;
}
