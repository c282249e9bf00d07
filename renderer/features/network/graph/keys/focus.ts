import type { RefObject } from 'react';
import { useEffect, useLayoutEffect } from 'react';
import type { ItemId } from '../../items.ts';

/**
 * A node that the keyboard goes to may not be on the page yet: only visible ones are, and opening a block makes
 * another node of it. Who is wanted is kept until it is there.
 */
let wanted: { readonly item: ItemId; readonly isGoing: boolean } | null = null;
const onPage = new Map<ItemId, HTMLElement>();

/** The keyboard goes to this item: at once where it is on the page. */
export function wantFocus(item: ItemId): void {
  const element = onPage.get(item);
  wanted = element === undefined ? { item, isGoing: true } : null;
  element?.focus({ preventScroll: true });
}

/** Gives an element the focus when the keyboard goes to its item, or when it takes the place of one that had it. */
export function useWantedFocus(
  item: ItemId,
  isActive: boolean,
  element: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    if (!isActive || wanted?.item !== item) return;
    if (wanted.isGoing || document.activeElement === document.body)
      element.current?.focus({ preventScroll: true });
    wanted = null;
  });
  useLayoutEffect(() => {
    const { current } = element;
    if (current !== null) onPage.set(item, current);
    return () => {
      if (onPage.get(item) === current) onPage.delete(item);
      if (document.activeElement === current) wanted = { item, isGoing: false };
    };
  }, [item, element]);
}
