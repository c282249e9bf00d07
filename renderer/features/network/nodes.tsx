import type { NodeProps } from '@xyflow/react';
import { Handle, Position } from '@xyflow/react';
import { shapeText, shortCount } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { blockState, usePlan } from '../../stores/plan.ts';
import type { BlockNode, HeadNode } from './layout.ts';

const marks = { frozen: '❄', thawed: '☀', partly: '◐', weightless: '∑' } as const;

function Handles() {
  return (
    <>
      <Handle id="left" type="target" position={Position.Left} isConnectable={false} />
      <Handle id="right" type="source" position={Position.Right} isConnectable={false} />
      <Handle id="top" type="target" position={Position.Top} isConnectable={false} />
      <Handle id="bottom" type="source" position={Position.Bottom} isConnectable={false} />
      <Handle id="left" type="source" position={Position.Left} isConnectable={false} />
      <Handle id="right" type="target" position={Position.Right} isConnectable={false} />
    </>
  );
}

/** One block: state, name, output shape, parameters. */
export function BlockView({ data, selected }: NodeProps<BlockNode>) {
  const { model, thawed } = usePlan();
  const block = model?.blocks.find(({ name }) => name === data.block);
  if (model === null || block === undefined) return null;
  const state = blockState(model, block.name, thawed);
  const label = state === 'thawed' || state === 'partly' ? messages.network.thawed : messages.network.frozen;
  return (
    <div
      className={`block ${state}${selected ? ' selected' : ''}`}
      data-block={block.name}
      data-state={state}
    >
      <Handles />
      <div className="name">
        <span role="img" aria-label={label}>
          {marks[state]}
        </span>
        {block.name}
      </div>
      <div className="detail">
        <span>{shapeText(block.outputShape)}</span>
        <span>{shortCount(block.parameters)}</span>
      </div>
    </div>
  );
}

/** The new layers on top: always trained. */
export function HeadView({ data }: NodeProps<HeadNode>) {
  return (
    <div className="block head">
      <Handles />
      <div className="name">
        <span role="img" aria-label={messages.network.thawed}>
          ◆
        </span>
        {messages.network.head}
      </div>
      <div className="detail">
        <span>{messages.network.headDetail(data.classes)}</span>
      </div>
    </div>
  );
}
