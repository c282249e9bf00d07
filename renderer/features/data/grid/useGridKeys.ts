import type { KeyboardEvent } from 'react';
import { useRef } from 'react';
import { useImages } from '../../../stores/data/images.ts';
import { decide } from '../../../stores/data/decisions.ts';

interface GridKeys {
  readonly columns: number;
  readonly rowsPerPage: number;
  scrollTo(index: number): void;
  /** Opens the menu of classes to move to. */
  onMove(): void;
}

/** The keyboard on the grid: arrows, pages, ends; Space, Shift, Ctrl+A, Escape; Delete and M. */
export function useGridKeys({ columns, rowsPerPage, scrollTo, onMove }: GridKeys) {
  /** Selecting much takes a moment; what acts on it waits. */
  const last = useRef<Promise<void>>(Promise.resolve());
  return (event: KeyboardEvent): void => {
    const { active, total, selected, move, pick, selectAll, clear } = useImages.getState();
    const end = (total ?? 0) - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: active - 1,
      ArrowRight: active + 1,
      ArrowUp: active - columns,
      ArrowDown: active + columns,
      PageUp: active - columns * rowsPerPage,
      PageDown: active + columns * rowsPerPage,
      Home: 0,
      End: end,
    };
    const target = steps[event.key];
    const ask = (picking: Promise<void>): void => {
      last.current = picking;
    };
    const isCommand = event.ctrlKey || event.metaKey;
    if (target !== undefined) {
      const index = Math.min(end, Math.max(0, target));
      if (event.shiftKey) ask(pick(index, 'range'));
      else move(index);
      scrollTo(index);
    } else if (event.key === ' ') ask(pick(active, event.shiftKey ? 'range' : 'toggle'));
    else if (event.key === 'Enter') ask(pick(active, 'only'));
    else if (event.key === 'a' && isCommand) ask(selectAll());
    else if (event.key === 'Escape') clear();
    else if (event.key === 'Delete' || event.key === 'Backspace') void last.current.then(setAside);
    else if (event.key === 'm' && !isCommand && selected.size > 0) onMove();
    else return;
    event.preventDefault();
  };
}

/** Sets what is selected aside; where everything was set aside, puts it back. */
async function setAside(): Promise<void> {
  const { selected, view } = useImages.getState();
  if (selected.size === 0) return;
  const type = view.type === 'set-aside' ? 'restore' : 'exclude';
  await decide({ type, images: [...selected.keys()] });
}
