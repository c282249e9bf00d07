import type { MouseEvent } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  Background,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/network/view.ts';
import type { ItemId } from '../items.ts';
import { itemOf } from '../items.ts';
import { useLayout } from '../layout/useLayout.ts';
import { elementsOf } from './elements.ts';
import { press, visibleZoom } from './node/Face.tsx';
import { GraphMap } from './view/GraphMap.tsx';
import { HoverLine } from './HoverLine.tsx';
import { nodeTypes } from './node/nodes.tsx';
import { Overview } from './overview/Overview.tsx';
import { blockAt } from './overview/picture.ts';
import { Routes } from './Routes.tsx';
import { useGoTo } from './view/useGoTo.ts';
import { useGraphKeys } from './keys/useGraphKeys.ts';
import { useLasso } from './useLasso.ts';
import { useSize } from './view/useSize.ts';
import { useSteadyView } from './view/useSteadyView.ts';
import { ZoomButtons } from './view/ZoomButtons.tsx';
import './graph.css';

/** Graphs with more nodes than this get a map. */
const mapFrom = 40;

/** Larger ones are one drawing while they are far away. */
const overviewFrom = 300;

/** The network's graph; only what is in view is on the page. */
export function Graph({ model }: { readonly model: ModelReport }) {
  return (
    <ReactFlowProvider>
      <GraphCanvas model={model} />
    </ReactFlowProvider>
  );
}

function GraphCanvas({ model }: { readonly model: ModelReport }) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const arrangement = useNetworkView((view) => view.arrangement);
  const expanded = useNetworkView((view) => view.expanded);
  const isLasso = useNetworkView((view) => view.isLasso);
  const active = useNetworkView((view) => view.active);
  const laidOut = useLayout(model, arrangement, expanded, size);
  const layout = laidOut?.layout ?? null;
  const all = useMemo(() => (layout === null ? [] : elementsOf(layout)), [layout]);
  // A selection by dragging wants elements.
  const isOverview =
    useStore(({ transform }) => transform[2] < visibleZoom) && all.length > overviewFrom && !isLasso;
  // The one the keyboard is at stays an element, with its focus and its name.
  const nodes = useMemo(
    () => (isOverview ? all.filter(({ data }) => data.item === active) : all),
    [all, isOverview, active],
  );
  const flow = useReactFlow();
  const itemUnder = (event: MouseEvent): ItemId | null => {
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    return layout === null ? null : blockAt(layout, x, y);
  };
  const goTo = useGoTo(layout, size);
  useSteadyView(laidOut, size);
  useGraphKeys(layout, goTo);
  const lasso = useLasso();
  const [isActiveHere, setActiveHere] = useState(false);
  const look = useCallback((): void => {
    setActiveHere(frame.current?.querySelector('.node.active') !== null);
  }, []);
  useEffect(look, [look, active, layout]);

  return (
    <div
      ref={frame}
      className={`graph${isLasso ? ' lasso' : ''}`}
      role="group"
      aria-label={messages.network.graph}
      data-nodes={layout?.nodes.length}
      data-layout-ms={laidOut?.milliseconds.toFixed(1)}
      // The way in for the keyboard while the node it was at is out of view.
      tabIndex={isActiveHere ? -1 : 0}
      onFocus={(event) => {
        const [first] = layout?.nodes ?? [];
        const { currentTarget } = event;
        if (event.target !== currentTarget || first === undefined) return;
        // A press on the empty drawing goes nowhere.
        if (currentTarget.matches(':focus-visible')) goTo(active ?? itemOf(first));
      }}
    >
      <ReactFlow
        nodes={nodes}
        nodeTypes={nodeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        onlyRenderVisibleElements
        minZoom={0.02}
        maxZoom={2}
        panOnDrag={!isLasso}
        selectionOnDrag={isLasso}
        selectionMode={SelectionMode.Partial}
        onNodeMouseEnter={(_, { data }) => {
          useNetworkView.getState().hover(data.item);
        }}
        onNodeMouseLeave={() => {
          useNetworkView.getState().hover(null);
        }}
        onMoveEnd={look}
        onPaneClick={(event) => {
          const item = isOverview ? itemUnder(event) : null;
          if (item === null) useNetworkView.getState().select(new Set());
          else press(item, event);
        }}
        {...(isOverview && {
          onPaneMouseMove: (event: MouseEvent) => {
            useNetworkView.getState().hover(itemUnder(event));
          },
        })}
        {...lasso}
      >
        <Background color="var(--line)" gap={22} size={1.5} />
        {layout !== null && isOverview && size !== null && (
          <Overview model={model} layout={layout} size={size} />
        )}
        {layout !== null && !isOverview && <Routes layout={layout} />}
        {layout !== null && <ZoomButtons layout={layout} size={size} />}
        {nodes.length > mapFrom && !isOverview && <GraphMap model={model} />}
      </ReactFlow>
      <HoverLine />
    </div>
  );
}
