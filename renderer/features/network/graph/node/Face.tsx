import type { CSSProperties, MouseEvent, ReactNode } from 'react';
import { useRef } from 'react';
import { useStore } from '@xyflow/react';
import { messages } from '../../../../messages/index.ts';
import { useNetworkView } from '../../../../stores/network/view.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { toggleItem, thawFrom } from '../../actions.ts';
import type { ItemId } from '../../items.ts';
import { headItem } from '../../items.ts';
import { useItemState } from '../../planView.ts';
import { useKept } from '../../thawCost.ts';
import { usePullMark, useRateMark } from '../../tuningView.ts';
import { useBar } from './bars.ts';
import { useWantedFocus } from '../keys/focus.ts';
import { KeptMark } from './KeptMark.tsx';
import type { LayerRole } from './TypeIcon.tsx';
import { TypeIcon } from './TypeIcon.tsx';
import { StateMark } from './StateMark.tsx';

interface FaceProps {
  readonly item: ItemId;
  readonly kind: 'block' | 'group' | 'layer' | 'head';
  readonly name: string;
  /** The name as far as it has room, where its beginning is told by what is around it. */
  readonly shortName?: string;
  readonly role: LayerRole;
  /** What stands below the name, left and right. */
  readonly details: readonly [string, string];
  /** Everything a reader of the details would miss. */
  readonly description: string;
  readonly children?: ReactNode;
}

/** Below this zoom a node's details are not legible. */
const legibleZoom = 0.4;

/** Below this one not even its name and mark are: a node is a coloured box, and a thousand of them cost little. */
export const visibleZoom = 0.22;

/** A node: a button that freezes and thaws, its state as icon, colour and word. */
export function Face({ item, kind, name, shortName, role, details, description, children }: FaceProps) {
  const button = useRef<HTMLButtonElement>(null);
  const state = useItemState(item);
  const isActive = useNetworkView((view) => view.active === item);
  const isSelected = useNetworkView((view) => view.selected.has(item));
  const isFar = useStore(({ transform }) => transform[2] < legibleZoom);
  const isTiny = useStore(({ transform }) => transform[2] < visibleZoom);
  const bar = useBar(item);
  const kept = useKept(item);
  const rate = useRateMark(item);
  const pull = usePullMark(item);
  useWantedFocus(item, isActive, button);
  const isHot = bar?.isHeat === true;
  const isHead = kind === 'head';
  const isFixed = usePlan(({ model }) => model?.kind === 'graph') && state === 'frozen';
  const word = isHead
    ? messages.network.always
    : isFixed
      ? messages.frozenModel.always
      : messages.network.states[state];
  const told = [
    word,
    rate,
    pull,
    bar?.isHeat === true ? bar.text : null,
    kept === 'none' ? null : messages.inspector.thawing.kept[kept],
  ]
    .filter((one) => one !== null)
    .join(', ');
  return (
    <div
      className={`node ${kind} ${state}${isSelected ? ' selected' : ''}${isActive ? ' active' : ''}${isHot ? ' hot' : ''}`}
      style={isHot ? ({ '--heat': bar.share } as CSSProperties) : undefined}
      data-item={item}
      data-state={state}
      {...(kind === 'layer' ? { 'data-layer': name } : { 'data-block': name })}
    >
      <button
        ref={button}
        type="button"
        className="face"
        tabIndex={isActive ? 0 : -1}
        aria-pressed={state === 'partly' ? 'mixed' : state === 'thawed'}
        onClick={(event) => {
          press(item, event);
        }}
      >
        {isTiny ? (
          <span className="sr-only">{`${name}, ${told}, ${description}`}</span>
        ) : (
          <span className="line">
            <StateMark state={state} />
            <span className="name" title={shortName === undefined ? undefined : name}>
              {shortName ?? name}
            </span>
            <span className="sr-only">{`${shortName === undefined ? '' : ` (${name})`}, ${told}, ${description}`}</span>
            {(rate !== null || pull !== null) && (
              <span className="factor" title={pull === null ? undefined : pull}>
                {rate}
                {pull !== null && <PullMark />}
              </span>
            )}
            {kept !== 'none' && <KeptMark kept={kept} />}
            {!isFar && <TypeIcon role={role} />}
          </span>
        )}
        {!isFar && kind !== 'group' && (
          <span className="line detail" aria-hidden>
            <span>{details[0]}</span>
            <span>{details[1]}</span>
          </span>
        )}
        {bar !== null && !isTiny && kind !== 'group' && (
          <span className="bar-track" title={bar.text}>
            <span className="bar-fill" style={{ width: `${Math.round(100 * bar.share)}%` }} />
          </span>
        )}
      </button>
      {children}
    </div>
  );
}

/** An anchor: pulled back to its pretrained weights by a strength of its own. */
function PullMark() {
  return (
    <svg width={12} height={12} viewBox="0 0 16 16" aria-hidden focusable={false}>
      <path d="M8 4.5v9.5M8 4.5m-1.8-1.8a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0M5 7.5h6M2.5 9.5c.5 3 2.8 4.5 5.5 4.5s5-1.5 5.5-4.5" />
    </svg>
  );
}

/** A click freezes or thaws; with Shift it thaws from here to the output; with Control or Command it selects. */
export function press(item: ItemId, event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>): void {
  const { activate, select, selected } = useNetworkView.getState();
  activate(item);
  if (event.ctrlKey || event.metaKey) {
    const next = new Set(selected);
    if (!next.delete(item)) next.add(item);
    select(next);
    return;
  }
  select(new Set([item]));
  if (event.shiftKey) thawFrom(item);
  else if (item !== headItem) toggleItem(item);
}
