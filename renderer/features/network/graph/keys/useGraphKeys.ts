import { useEffect } from 'react';
import { useNetworkView } from '../../../../stores/network/view.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { expandItem, thawFrom, toggleItems } from '../../actions.ts';
import type { ItemId } from '../../items.ts';
import { itemOf } from '../../items.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Direction } from './neighbour.ts';
import { neighbour } from './neighbour.ts';

const arrows: Readonly<Partial<Record<string, Direction>>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/**
 * The network's keys, wherever the focus is but in a field: F, Shift-F, slash, Escape, undo and redo. Those that move
 * about want the graph to have the focus, or nothing.
 * @param goTo brings an item into view and gives it the focus.
 */
export function useGraphKeys(layout: Layout | null, goTo: (item: ItemId) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isField(event.target)) return;
      const isDone = withControl(event) || anywhere(event) || (isInGraph(event.target) && inGraph(event));
      if (isDone) event.preventDefault();
    };
    const inGraph = (event: KeyboardEvent): boolean => {
      const { active, arrangement } = useNetworkView.getState();
      if (layout === null || event.altKey) return false;
      const [first] = layout.nodes;
      const last = layout.nodes.at(-1);
      const direction = arrows[event.key];
      if (direction !== undefined) {
        const target =
          active === null ? first && itemOf(first) : neighbour(layout, active, direction, arrangement);
        if (target !== null && target !== undefined) goTo(target);
        return true;
      }
      if (event.key === 'Home' && first !== undefined) goTo(itemOf(first));
      else if (event.key === 'End' && last !== undefined) goTo(itemOf(last));
      else if (event.key === 'Enter' && active !== null) {
        expandItem(active);
        const now = useNetworkView.getState().active;
        if (now !== null && now !== active) goTo(now);
      } else return false;
      return true;
    };
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', press);
    };
  }, [layout, goTo]);
}

function withControl(event: KeyboardEvent): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  const { undo, redo } = usePlan.getState();
  const key = event.key.toLowerCase();
  if (key === 'z' && event.shiftKey) redo();
  else if (key === 'z') undo();
  else if (key === 'y') redo();
  else return false;
  return true;
}

function anywhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const view = useNetworkView.getState();
  const { active, selected } = view;
  if (event.key.toLowerCase() === 'f') {
    if (active === null) return false;
    if (event.shiftKey) thawFrom(active);
    else toggleItems(selected.size > 1 ? selected : [active]);
  } else if (event.key === '/') view.find('');
  else if (event.key === 'Escape' && (view.query !== null || selected.size > 0)) {
    view.find(null);
    view.select(new Set());
  } else return false;
  return true;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, select, textarea, [role="dialog"], [role="menu"]') !== null
  );
}

function isInGraph(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest('.graph') !== null);
}
