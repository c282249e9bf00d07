import { useEffect, useMemo } from 'react';
import { Background, Controls, ReactFlow } from '@xyflow/react';
import { shortCount } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import type { Preset } from '../../stores/plan.ts';
import { layersOf, trainableParameters, usePlan } from '../../stores/plan.ts';
import { useDataset } from '../../stores/dataset.ts';
import { useTheme } from '../../stores/theme.ts';
import { Inspector } from './Inspector.tsx';
import type { NetworkNode } from './layout.ts';
import { headNodeId, layoutBlocks } from './layout.ts';
import { BlockView, HeadView } from './nodes.tsx';
import './network.css';

const nodeTypes = { block: BlockView, head: HeadView };
const columns = 4;
/** Fewer images than this do not carry a whole network. */
const fewImages = 200;

/** The network as a graph of blocks; a click freezes or thaws. */
export function NetworkStation() {
  const plan = usePlan();
  const { model, thawed, selected } = plan;
  const dataset = useDataset((state) => state.dataset);
  const theme = useTheme((state) => state.shown);
  const classes = dataset?.classes.length ?? 2;
  const laidOut = useMemo(
    () => (model === null ? null : layoutBlocks(model, classes, columns)),
    [model, classes],
  );
  useKeys();
  if (model === null || laidOut === null) return <p className="notice">{messages.network.loading}</p>;

  const text = messages.network;
  const weighted = layersOf(
    model,
    model.blocks.map(({ name }) => name),
  ).length;
  const everything = dataset !== null && thawed.size === weighted && dataset.images < fewImages;
  const nodes: NetworkNode[] = laidOut.nodes.map((node) => ({ ...node, selected: node.id === selected }));
  return (
    <div className="network">
      <div className="toolbar" role="toolbar" aria-label={messages.stations.network}>
        {(Object.keys(text.presets) as Preset[]).map((preset) => (
          <button
            key={preset}
            type="button"
            onClick={() => {
              plan.thawLast(preset);
            }}
          >
            {text.presets[preset]}
          </button>
        ))}
        <button type="button" disabled={plan.past.length === 0} onClick={plan.undo}>
          {text.undo}
        </button>
        <button type="button" disabled={plan.future.length === 0} onClick={plan.redo}>
          {text.redo}
        </button>
        <output className="count" data-testid="thawed">
          ☀ {text.count(thawed.size, weighted)} ·{' '}
          {text.parameters(shortCount(trainableParameters(model, thawed)), shortCount(model.parameters ?? 0))}
        </output>
      </div>
      {everything && <p className="notice">{text.unwise(dataset.images)}</p>}
      <div className="desk">
        <div className="canvas">
          <ReactFlow
            nodes={nodes}
            edges={laidOut.edges}
            nodeTypes={nodeTypes}
            nodesDraggable={false}
            nodesConnectable={false}
            onlyRenderVisibleElements
            fitView
            colorMode={theme}
            minZoom={0.2}
            onNodeClick={(event, node) => {
              if (node.id === headNodeId) return;
              plan.select(node.id);
              if (event.shiftKey) plan.thawFromBlock(node.id);
              else plan.toggleBlock(node.id);
            }}
            onPaneClick={() => {
              plan.select(null);
            }}
          >
            <Background />
            <Controls showInteractive={false} />
          </ReactFlow>
        </div>
        <Inspector model={model} block={selected} />
      </div>
    </div>
  );
}

/** F toggles the selected block, Ctrl-Z and Ctrl-Shift-Z go back and forth. */
function useKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const plan = usePlan.getState();
      if (event.target instanceof HTMLInputElement) return;
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
      if (isUndo && event.shiftKey) plan.redo();
      else if (isUndo) plan.undo();
      else if (event.key.toLowerCase() === 'f' && plan.selected !== null) plan.toggleBlock(plan.selected);
    };
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', press);
    };
  }, []);
}
