import { describe, expect, it } from 'vitest';
import { layOutInterior } from './interior.ts';
import type { Box, Layout } from './layout.ts';
import { arrangements, sizes } from './layout.ts';
import { networkLayout } from './layOutNetwork.ts';
import type { Structure } from './structure.ts';
import { headName, structureOf } from './structure.ts';
import { syntheticLarge } from './syntheticNetwork.ts';

/** A residual block between two convolutions. */
const residual: Structure = {
  blocks: [
    {
      name: 'stem',
      layers: [
        { name: 'input', inputs: [] },
        { name: 'conv', inputs: ['input'] },
      ],
    },
    {
      name: 'block_1',
      layers: [
        { name: 'a', inputs: ['conv'] },
        { name: 'b', inputs: ['a'] },
        { name: 'c', inputs: ['b'] },
        { name: 'add', inputs: ['c', 'conv'] },
      ],
    },
    { name: headName, layers: [{ name: headName, inputs: ['add'] }] },
  ],
};

function edgeNames({ edges }: Layout): string[] {
  return edges.map(({ source, target }) => `${source.kind} ${source.name} > ${target.kind} ${target.name}`);
}

function overlaps(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

describe.each(arrangements)('arranged %s', (arrangement) => {
  const layOut = (structure: Structure, expanded: readonly string[]): Layout =>
    networkLayout(structure).layOut({ arrangement, expanded, aspect: 1.5 });

  it('draws closed blocks, and one edge between two of them', () => {
    const layout = layOut(residual, []);
    expect(layout.nodes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'block stem',
      'block block_1',
      `head ${headName}`,
    ]);
    expect(edgeNames(layout)).toEqual(['block stem > block block_1', `block block_1 > block ${headName}`]);
  });

  it('draws a residual branch of an open block as an edge of its own', () => {
    const layout = layOut(residual, ['block_1']);
    expect(edgeNames(layout)).toEqual([
      'layer a > layer b',
      'layer b > layer c',
      'layer c > layer add',
      'block stem > layer a',
      'block stem > layer add',
      `layer add > block ${headName}`,
    ]);
    for (const { path } of layout.edges) expect(path).toMatch(/^M[-\d., LCQM]+$/);
  });

  it('lays nothing over anything, closed, half open and open', () => {
    const large = syntheticLarge();
    const names = large.blocks.map(({ name }) => name);
    for (const expanded of [[], names.filter((_, index) => index % 3 === 0), names]) {
      const { nodes } = layOut(large, expanded);
      const outer = nodes.filter(({ kind }) => kind !== 'layer');
      for (const [index, one] of outer.entries())
        for (const other of outer.slice(index + 1)) expect(overlaps(one, other)).toBe(false);
      for (const group of nodes.filter(({ kind }) => kind === 'group')) {
        const inside = nodes.filter(({ kind, block }) => kind === 'layer' && block === group.name);
        for (const [index, layer] of inside.entries()) {
          expect(layer.y).toBeGreaterThanOrEqual(group.y + sizes.title);
          expect(layer.y + layer.height).toBeLessThanOrEqual(group.y + group.height);
          expect(layer.x).toBeGreaterThanOrEqual(group.x);
          expect(layer.x + layer.width).toBeLessThanOrEqual(group.x + group.width);
          for (const other of inside.slice(index + 1)) expect(overlaps(layer, other)).toBe(false);
        }
      }
    }
  });

  it('has a place for each of 800 layers and an edge for each value that is read', () => {
    const large = syntheticLarge();
    const names = large.blocks.map(({ name }) => name);
    const { nodes, edges } = layOut(large, names);
    const layers = large.blocks.flatMap((block) => block.layers);
    expect(layers.length).toBeGreaterThan(800);
    expect(nodes.filter(({ kind }) => kind === 'layer')).toHaveLength(layers.length - 1);
    expect(edges).toHaveLength(layers.reduce((sum, { inputs }) => sum + inputs.length, 0));
  });
});

it('lets a residual branch pass by the layers it skips', () => {
  const block = residual.blocks[1]!;
  const { entering, layers } = layOutInterior(block, new Set(['add']), 'down');
  const skip = entering.find(({ target }) => target === 'add')!;
  const main = layers.find(({ name }) => name === 'b')!;
  const beside = skip.points.filter(({ y }) => y > main.box.y && y < main.box.y + main.box.height);
  expect(skip.points.length).toBeGreaterThan(2);
  for (const { x } of beside) expect(x < main.box.x || x > main.box.x + main.box.width).toBe(true);
});

it('draws an edge that skips a closed block around it', () => {
  const layer = (name: string, ...inputs: string[]) => ({
    name,
    layers: [{ name: `${name}_layer`, inputs }],
  });
  const structure = {
    blocks: [layer('one'), layer('two', 'one_layer'), layer('three', 'two_layer', 'one_layer')],
  };
  const { edges } = networkLayout(structure).layOut({ arrangement: 'down', expanded: [], aspect: 1 });
  expect(edges.map(({ source, target }) => `${source.name} > ${target.name}`)).toContain('one > three');
});

it('shows a model without the classifier that training replaces, and with our head', () => {
  const layer = (name: string, block: string, inputs: string[]) => ({
    name,
    block,
    inputs,
    type: 'Dense',
    outputShape: [1],
    parameters: 1,
    trainable: 1,
    multiplyAdds: 1,
    config: {},
    weights: [],
  });
  const block = (name: string) => ({ name, layers: 1, outputShape: [1], parameters: 1 });
  const { blocks } = structureOf({
    layers: [layer('features', 'top', []), layer('predictions', 'head', ['features'])],
    blocks: [block('top'), block('head')],
    replaced: ['predictions'],
  });
  expect(blocks).toEqual([
    { name: 'top', layers: [{ name: 'features', inputs: [] }] },
    { name: headName, layers: [{ name: headName, inputs: ['features'] }] },
  ]);
});
