import { create } from 'zustand';
import type { Arrangement } from '../../features/network/layout/layout.ts';
import { arrangements } from '../../features/network/layout/layout.ts';
import type { ItemId } from '../../features/network/items.ts';

/** What the bars on the nodes show; `auto`: how far layers went, where there is a training. */
export const barKinds = ['auto', 'none', 'change', 'parameters', 'work'] as const;
export type BarKind = (typeof barKinds)[number];

/** How the network is looked at; nothing of it decides what a training does. */
interface NetworkView {
  readonly arrangement: Arrangement;
  readonly bars: BarKind;
  /** Blocks whose layers are shown. */
  readonly expanded: ReadonlySet<string>;
  /** Where the keyboard is, and what the inspector shows. */
  readonly active: ItemId | null;
  /** What the pointer is over. */
  readonly hovered: ItemId | null;
  /** What is frozen or thawed together. */
  readonly selected: ReadonlySet<ItemId>;
  /** What is searched for; null while the find box is closed. */
  readonly query: string | null;
  /** Whether dragging selects instead of moving the view. */
  readonly isLasso: boolean;
  /** Where the graph is asked to go, once it has laid it out. */
  readonly wish: ItemId | null;
  /** What was done, for a screen reader. */
  readonly announcement: string;
  arrange(arrangement: Arrangement): void;
  showBars(bars: BarKind): void;
  expand(blocks: readonly string[], isExpanded: boolean): void;
  activate(item: ItemId | null): void;
  hover(item: ItemId | null): void;
  select(items: ReadonlySet<ItemId>): void;
  find(query: string | null): void;
  /** Goes to an item; a layer's block is opened for it. */
  goTo(item: ItemId, block: string | null): void;
  /** The graph is where it was asked to go. */
  fulfil(): void;
  lasso(isLasso: boolean): void;
  announce(announcement: string): void;
  /** Another network is shown. */
  reset(): void;
}

const arrangementKey = 'network arrangement';
const barsKey = 'network bars';

export const useNetworkView = create<NetworkView>()((set, get) => ({
  arrangement: stored(arrangementKey, arrangements),
  bars: stored(barsKey, barKinds),
  expanded: new Set(),
  active: null,
  hovered: null,
  selected: new Set(),
  query: null,
  isLasso: false,
  wish: null,
  announcement: '',
  arrange(arrangement) {
    localStorage.setItem(arrangementKey, arrangement);
    set({ arrangement });
  },
  showBars(bars) {
    localStorage.setItem(barsKey, bars);
    set({ bars });
  },
  expand(blocks, isExpanded) {
    const expanded = new Set(get().expanded);
    for (const block of blocks)
      if (isExpanded) expanded.add(block);
      else expanded.delete(block);
    set({ expanded });
  },
  activate(active) {
    set({ active });
  },
  hover(hovered) {
    set({ hovered });
  },
  select(selected) {
    set({ selected });
  },
  find(query) {
    set({ query });
  },
  goTo(wish, block) {
    if (block !== null && !get().expanded.has(block)) get().expand([block], true);
    set({ wish, active: wish, selected: new Set() });
  },
  fulfil() {
    set({ wish: null });
  },
  lasso(isLasso) {
    set({ isLasso });
  },
  announce(announcement) {
    set({ announcement });
  },
  reset() {
    set({ expanded: new Set(), active: null, hovered: null, selected: new Set(), query: null, wish: null });
  },
}));

function stored<T extends string>(key: string, choices: readonly [T, ...T[]]): T {
  const value = localStorage.getItem(key);
  return choices.find((choice) => choice === value) ?? choices[0];
}
