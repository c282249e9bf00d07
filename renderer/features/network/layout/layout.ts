/** How blocks follow each other: rows that run to and fro, one column, or one row. */
export const arrangements = ['compact', 'down', 'right'] as const;
export type Arrangement = (typeof arrangements)[number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The choices a layout is made for. */
export interface LayoutChoice {
  readonly arrangement: Arrangement;
  /** Blocks whose layers are shown. */
  readonly expanded: readonly string[];
  /** Width by height of the room there is: decides how many blocks a compact row holds. */
  readonly aspect: number;
}

/** Something with a place: a closed block, an open block's frame, a layer, or the head. */
export interface PlacedNode extends Box {
  readonly kind: 'block' | 'group' | 'layer' | 'head';
  readonly name: string;
  /** The block it is, or belongs to. */
  readonly block: string;
}

/** Ends are layers where they are visible, else the blocks they are in. `path` is an SVG path. */
export interface PlacedEdge {
  readonly source: End;
  readonly target: End;
  readonly path: string;
  /** What the path lies in. */
  readonly box: Box;
}

export interface End {
  readonly kind: 'block' | 'layer';
  readonly name: string;
}

export interface Layout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Sizes in pixels at zoom 1. */
export const sizes = {
  block: { width: 178, height: 70 },
  layer: { width: 196, height: 50 },
  /** Room of an open block's name. */
  title: 38,
  padding: 18,
  /** Between neighbours in one row or column, and between rows or columns. */
  gap: 42,
} as const;
