import { memo } from 'react';
import type { NodeProps } from '@xyflow/react';
import { shapeText, shortCount } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import { useDataset } from '../../../../stores/data/dataset.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { expandItem } from '../../actions.ts';
import { headItem, indexOf } from '../../items.ts';
import type { GraphNode } from '../elements.ts';
import { Face } from './Face.tsx';
import { roleOf } from './TypeIcon.tsx';
import './node.css';

const text = messages.network;

/** A block: closed, or an open one's frame, over which its layers lie. */
function BlockFace({ data, isExpanded }: { readonly data: GraphNode['data']; readonly isExpanded: boolean }) {
  const block = usePlan(({ model }) => (model === null ? undefined : indexOf(model).blocks.get(data.name)));
  if (block === undefined) return null;
  const shape = shapeText(block.outputShape);
  const parameters = shortCount(block.parameters);
  const output = isExpanded ? [] : [text.outputOf(shape)];
  return (
    <Face
      item={data.item}
      kind={isExpanded ? 'group' : 'block'}
      name={data.name}
      role="block"
      details={[shape, parameters]}
      description={[text.layers(block.layers), ...output, text.parametersOf(parameters)].join(', ')}
    >
      <ExpandButton name={data.name} isExpanded={isExpanded} />
    </Face>
  );
}

const BlockNode = memo(function BlockNode({ data }: NodeProps<GraphNode>) {
  return <BlockFace data={data} isExpanded={false} />;
});

const GroupNode = memo(function GroupNode({ data }: NodeProps<GraphNode>) {
  return <BlockFace data={data} isExpanded />;
});

function ExpandButton({ name, isExpanded }: { readonly name: string; readonly isExpanded: boolean }) {
  return (
    <button
      type="button"
      className="expand nopan"
      tabIndex={-1}
      aria-expanded={isExpanded}
      aria-label={isExpanded ? text.collapse(name) : text.expand(name)}
      title={isExpanded ? text.collapse(name) : text.expand(name)}
      onClick={() => {
        expandItem(`block:${name}`);
      }}
    >
      <svg width={14} height={14} viewBox="0 0 16 16" aria-hidden focusable={false}>
        <path d={isExpanded ? 'M3 10.5L8 5.5l5 5' : 'M3 5.5l5 5 5-5'} />
      </svg>
    </button>
  );
}

const LayerNode = memo(function LayerNode({ data }: NodeProps<GraphNode>) {
  const layer = usePlan(({ model }) => (model === null ? undefined : indexOf(model).layers.get(data.name)));
  if (layer === undefined) return null;
  const shape = shapeText(layer.outputShape);
  const parameters = layer.parameters === 0 ? '' : shortCount(layer.parameters);
  return (
    <Face
      item={data.item}
      kind="layer"
      name={data.name}
      shortName={shortName(data.name, data.block)}
      role={roleOf(layer.type)}
      details={[`${layer.type} · ${shape}`, parameters]}
      description={`${layer.type}, ${text.outputOf(shape)}, ${text.parametersOf(String(layer.parameters))}`}
    />
  );
});

/** Inside `block_5`, `block_5_expand` is `expand`. */
function shortName(layer: string, block: string): string {
  const rest = layer.slice(block.length).replace(/^[_/-]/, '');
  return layer.startsWith(block) && rest !== '' ? rest : layer;
}

/** The new layers on top: always trained. */
const HeadNode = memo(function HeadNode() {
  const classes = useDataset(({ dataset }) => dataset?.classes.length ?? null);
  const detail = classes === null ? text.headWithoutData : text.headDetail(classes);
  return (
    <Face
      item={headItem}
      kind="head"
      name={text.head}
      role="head"
      details={[detail, '']}
      description={detail}
    />
  );
});

export const nodeTypes = { block: BlockNode, frame: GroupNode, layer: LayerNode, head: HeadNode };
