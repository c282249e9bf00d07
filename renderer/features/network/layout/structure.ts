import type { ModelReport } from '../../../../shared/ipc/model/report.ts';

/** What a layout needs to know of a network: blocks in order of computation, their layers, who reads whom. */
export interface Structure {
  readonly blocks: readonly StructureBlock[];
}

export interface StructureBlock {
  readonly name: string;
  readonly layers: readonly StructureLayer[];
}

export interface StructureLayer {
  readonly name: string;
  readonly inputs: readonly string[];
}

/** The block that stands for the new layers on top: it cannot be opened and is always thawed. */
export const headName = 'head of ours';

/** A model's blocks without the classifier that a training replaces, and our head behind them. */
export function structureOf(model: Pick<ModelReport, 'layers' | 'blocks' | 'replaced'>): Structure {
  const replaced = new Set(model.replaced);
  const kept = model.layers.filter(({ name }) => !replaced.has(name));
  const members = new Map<string, StructureLayer[]>();
  for (const { name, block, inputs } of kept) {
    const layer = { name, inputs: [...inputs] };
    const before = members.get(block);
    if (before === undefined) members.set(block, [layer]);
    else before.push(layer);
  }
  const blocks = model.blocks.flatMap(({ name }) => {
    const layers = members.get(name);
    return layers === undefined ? [] : [{ name, layers }];
  });
  const output = kept.at(-1)?.name;
  const head = { name: headName, layers: [{ name: headName, inputs: output === undefined ? [] : [output] }] };
  return { blocks: [...blocks, head] };
}
