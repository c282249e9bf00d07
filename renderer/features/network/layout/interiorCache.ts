import type { Interior } from './interior.ts';
import { layOutInterior } from './interior.ts';
import type { Flow } from './paths.ts';
import type { StructureBlock } from './structure.ts';

/** Lays the inside of blocks out, once for all blocks that are built alike: a deep network repeats a few of them. */
export class InteriorCache {
  readonly #known = new Map<string, Interior>();

  interiorOf(block: StructureBlock, read: ReadonlySet<string>, flow: Flow): Interior {
    const names = namesOf(block);
    const numbers = new Map(names.map((name, index) => [name, String(index)]));
    const number = (name: string): string => numbers.get(name) ?? name;
    const layers = block.layers.map(({ name, inputs }) => ({
      name: number(name),
      inputs: inputs.map(number),
    }));
    const exits = block.layers.filter(({ name }) => read.has(name)).map(({ name }) => number(name));
    const key = JSON.stringify([flow, layers, exits]);
    let numbered = this.#known.get(key);
    if (numbered === undefined) {
      numbered = layOutInterior({ name: '', layers }, new Set(exits), flow);
      this.#known.set(key, numbered);
    }
    return renamed(numbered, (index) => names[Number(index)] ?? index);
  }
}

/** The block's layers, then what they read from outside, in order of appearance. */
function namesOf({ layers }: StructureBlock): string[] {
  return [...new Set([...layers.map(({ name }) => name), ...layers.flatMap(({ inputs }) => inputs)])];
}

function renamed(interior: Interior, name: (index: string) => string): Interior {
  const edge = <Edge extends { source: string; target: string }>(one: Edge): Edge => ({
    ...one,
    source: name(one.source),
    target: name(one.target),
  });
  return {
    ...interior,
    layers: interior.layers.map((layer) => ({ ...layer, name: name(layer.name) })),
    inner: interior.inner.map(edge),
    entering: interior.entering.map(edge),
    leaving: interior.leaving.map((one) => ({ ...one, source: name(one.source) })),
  };
}
