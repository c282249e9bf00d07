/** What freezing and thawing needs to know of a network; a model report has it. */
export interface PlanNetwork {
  /** A `graph` of operations stays frozen as it is. */
  readonly kind?: 'layers' | 'graph';
  /** In topological order. */
  readonly layers: readonly { readonly name: string; readonly block: string; readonly parameters: number }[];
  readonly blocks: readonly { readonly name: string }[];
  /** Layers of the model's own classifier: they are taken off, so they can be neither frozen nor thawed. */
  readonly replaced: readonly string[];
}

/** Names of the thawed layers. */
export type Thawed = ReadonlySet<string>;

/** `partly`: some of its layers; `weightless`: it has nothing to train. */
export type PlanState = 'frozen' | 'thawed' | 'partly' | 'weightless';

/** `quarter`: the last quarter of the blocks with weights, rounded up. */
export const presets = ['head', 'last', 'quarter', 'all'] as const;
export type Preset = (typeof presets)[number];

/** The layers that can be thawed: those with weights that a training keeps. In topological order. */
export function thawable(network: PlanNetwork): string[] {
  if (network.kind === 'graph') return [];
  const replaced = new Set(network.replaced);
  return network.layers
    .filter(({ name, parameters }) => parameters > 0 && !replaced.has(name))
    .map(({ name }) => name);
}

/** The thawable layers of some blocks. */
export function thawableOf(network: PlanNetwork, blocks: readonly string[]): string[] {
  const wanted = new Set(blocks);
  const inBlocks = new Set(network.layers.filter(({ block }) => wanted.has(block)).map(({ name }) => name));
  return thawable(network).filter((name) => inBlocks.has(name));
}

/** Thaws the named layers; freezes them when all of them are thawed already. */
export function toggle(thawed: Thawed, layers: readonly string[]): Thawed {
  return withLayers(thawed, layers, !layers.every((layer) => thawed.has(layer)));
}

/** The plan with the named layers thawed, or frozen. */
export function withLayers(thawed: Thawed, layers: readonly string[], isThawed: boolean): Thawed {
  const next = new Set(thawed);
  for (const layer of layers)
    if (isThawed) next.add(layer);
    else next.delete(layer);
  return next;
}

/** Exactly the layers from one to the output, in topological order, as the engine's `--thaw-from`. */
export function thawFromLayer(network: PlanNetwork, from: string): Thawed {
  const index = network.layers.findIndex(({ name }) => name === from);
  if (index < 0) return new Set();
  const after = new Set(network.layers.slice(index).map(({ name }) => name));
  return new Set(thawable(network).filter((name) => after.has(name)));
}

/** As `thawFromLayer` from a block's first layer. */
export function thawFromBlock(network: PlanNetwork, block: string): Thawed {
  const first = network.layers.find((layer) => layer.block === block);
  return first === undefined ? new Set() : thawFromLayer(network, first.name);
}

export function presetPlan(network: PlanNetwork, preset: Preset): Thawed {
  if (preset === 'head') return new Set();
  if (preset === 'all') return new Set(thawable(network));
  const weighted = network.blocks.filter(({ name }) => thawableOf(network, [name]).length > 0);
  const count = preset === 'last' ? 1 : Math.ceil(weighted.length / 4);
  const first = weighted.at(-count);
  return first === undefined ? new Set() : thawFromBlock(network, first.name);
}

/** The state of layers as one; only those that can be thawed count. */
export function stateOf(thawable: readonly string[], thawed: Thawed): PlanState {
  if (thawable.length === 0) return 'weightless';
  const count = thawable.filter((layer) => thawed.has(layer)).length;
  if (count === 0) return 'frozen';
  return count === thawable.length ? 'thawed' : 'partly';
}

/** Whether two plans thaw the same layers. */
export function isSamePlan(one: Thawed, other: Thawed): boolean {
  return one.size === other.size && [...one].every((layer) => other.has(layer));
}
