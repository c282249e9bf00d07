/** How far a layer's trained weights went, as Euclidean norms over all of them; moving statistics do not count. */
export interface LayerChange {
  readonly layer: string;
  /** Of the weights after the epoch. */
  readonly norm: number;
  /** Of their change over the epoch. */
  readonly change: number;
  /** Of what lies between them and the weights the run began with. */
  readonly drift: number;
}

/** Changes relative to the weights they changed. */
export interface RelativeChange {
  readonly change: number;
  readonly drift: number;
}

/**
 * The change of several layers as one, relative to the norm of their weights: layers that change a lot count as much as
 * their weights are large. Null for none.
 */
export function relativeChange(layers: readonly LayerChange[]): RelativeChange | null {
  if (layers.length === 0) return null;
  const norm = together(layers.map((layer) => layer.norm));
  const share = (changes: number): number => (changes === 0 ? 0 : changes / norm);
  return {
    change: share(together(layers.map(({ change }) => change))),
    drift: share(together(layers.map(({ drift }) => drift))),
  };
}

/** Decades below the largest change that a heat still tells apart. */
const decades = 3;

/** How hot a change is beside the largest one, on a logarithmic scale: 1 is the largest, 0 a thousandth of it or less. */
export function heatOf(change: number, largest: number): number {
  if (!(change > 0) || !(largest > 0)) return 0;
  return Math.max(0, Math.min(1, 1 + Math.log10(change / largest) / decades));
}

/** The norm of vectors of these norms put end to end. */
function together(norms: readonly number[]): number {
  return Math.sqrt(norms.reduce((sum, norm) => sum + norm ** 2, 0));
}
