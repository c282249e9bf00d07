import type { RefObject } from 'react';
import { useEffect, useLayoutEffect } from 'react';
import type { ItemId } from '../items.ts';

/**
 * A node that the keyboard goes to may not be on the page yet: only visible ones are, and opening a block makes
 * another node of it. Who is wanted is kept until it is there.
 */
let wanted: { readonly item: ItemId; readonly isGoing: boolean } | null = null;

/** The keyboard goes to this item. */
export function wantFocus(item: ItemId): void {
  wanted = { item, isGoing: true };
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
    return () => {
      if (document.activeElement === current) wanted = { item, isGoing: false };
    };
  }, [item, element]);
}
