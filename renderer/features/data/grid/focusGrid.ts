/** The grid in the page; null where there is none. */
export function gridElement(): HTMLElement | null {
  return document.querySelector<HTMLElement>('.grid-scroller');
}

/** Puts the keyboard back on the grid: what acts on a selection goes away together with it. */
export function focusGrid(): void {
  gridElement()?.focus({ preventScroll: true });
}
