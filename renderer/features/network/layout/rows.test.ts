import { expect, it } from 'vitest';
import { layOutRows } from './rows.ts';

it('puts blocks that are wide side by side as far as the room is wide', () => {
  const nodes = Array.from({ length: 18 }, (_, index) => ({ id: String(index), width: 1600, height: 800 }));
  const { boxOf } = layOutRows(nodes, 1.5);
  const boxes = [...boxOf.values()];
  const width = Math.max(...boxes.map((box) => box.x + box.width));
  const height = Math.max(...boxes.map((box) => box.y + box.height));
  // Four or five in a row come nearest to the room's shape.
  expect(width / height).toBeGreaterThan(1);
  expect(width / height).toBeLessThan(3);
});
