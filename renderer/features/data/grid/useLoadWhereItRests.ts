import { useEffect, useRef } from 'react';
import { useImages } from '../../../stores/data/images.ts';

/** A list that jumps by more than a screen is loaded once it has stood for so long. */
const restMs = 50;

/**
 * Loads what is looked at: at once while it is scrolled from row to row, and where the list comes to rest when it is
 * dragged past more than a screen at a time, of which nothing would be seen.
 * @param pages what is loaded: when it changes, what is looked at may have to be asked for again.
 */
export function useLoadWhereItRests(from: number, to: number, pages: unknown): void {
  const load = useImages((state) => state.load);
  const last = useRef({ from, to });
  useEffect(() => {
    if (to < from) return;
    const { from: before, to: end } = last.current;
    const isNear = from <= end + 1 && to >= before - 1;
    last.current = { from, to };
    if (isNear) {
      load(from, to);
      return;
    }
    const timer = window.setTimeout(() => {
      load(from, to);
    }, restMs);
    return () => {
      window.clearTimeout(timer);
    };
  }, [load, from, to, pages]);
}
