import { expect, it } from 'vitest';
import type { Arrangement } from '../../layout/layout.ts';
import { networkLayout } from '../../layout/layOutNetwork.ts';
import type { Structure } from '../../layout/structure.ts';
import { neighbour } from './neighbour.ts';

const chain: Structure = {
  blocks: ['a', 'b', 'c', 'd', 'e'].map((name, index, names) => ({
    name,
    layers: [{ name: `${name}1`, inputs: index === 0 ? [] : [`${names[index - 1] ?? ''}1`] }],
  })),
};
const layOut = (arrangement: Arrangement, expanded: string[] = [], structure = chain) =>
  networkLayout(structure).layOut({ arrangement, expanded, aspect: 2 });

it('follows the edges by arrow keys', () => {
  const down = layOut('down');
  expect(neighbour(down, 'block:a', 'down', 'down')).toBe('block:b');
  expect(neighbour(down, 'block:b', 'up', 'down')).toBe('block:a');
  expect(neighbour(down, 'block:a', 'up', 'down')).toBeNull();
  expect(neighbour(down, 'block:e', 'down', 'down')).toBeNull();
  expect(neighbour(down, 'block:a', 'left', 'down')).toBeNull();
  const right = layOut('right');
  expect(neighbour(right, 'block:a', 'right', 'right')).toBe('block:b');
  expect(neighbour(right, 'block:b', 'left', 'right')).toBe('block:a');
});

it('goes round the bend of rows', () => {
  const rows = layOut('compact');
  const columns = new Set(rows.nodes.map(({ x }) => x)).size;
  const last = 'block:' + 'abcde'.charAt(columns - 1);
  const below = 'block:' + 'abcde'.charAt(columns);
  expect(neighbour(rows, last as 'block:a', 'down', 'compact')).toBe(below);
  expect(neighbour(rows, last as 'block:a', 'right', 'compact')).toBe(below);
  expect(neighbour(rows, below as 'block:a', 'up', 'compact')).toBe(last);
});

it('goes into an open block and out of it', () => {
  const layout = layOut('down', ['b']);
  expect(neighbour(layout, 'block:a', 'down', 'down')).toBe('layer:b1');
  expect(neighbour(layout, 'layer:b1', 'down', 'down')).toBe('block:c');
  expect(neighbour(layout, 'block:b', 'down', 'down')).toBe('layer:b1');
});

it('goes between branches sideways', () => {
  const branches: Structure = {
    blocks: [
      {
        name: 'cell',
        layers: [
          { name: 'in', inputs: [] },
          { name: 'left', inputs: ['in'] },
          { name: 'right', inputs: ['in'] },
          { name: 'out', inputs: ['left', 'right'] },
        ],
      },
    ],
  };
  const layout = layOut('down', ['cell'], branches);
  const sides = layout.nodes.filter(({ name }) => name === 'left' || name === 'right');
  const [first, second] = sides.toSorted((one, other) => one.x - other.x);
  expect(neighbour(layout, `layer:${first!.name}`, 'right', 'down')).toBe(`layer:${second!.name}`);
});
