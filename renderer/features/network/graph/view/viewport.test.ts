import { expect, it } from 'vitest';
import type { Layout } from '../../layout/layout.ts';
import { networkLayout } from '../../layout/layOutNetwork.ts';
import { syntheticLarge } from '../../layout/syntheticNetwork.ts';
import { steadyView, viewOf, viewTo, wholeView } from './viewport.ts';

const size = { width: 900, height: 600 };
const large = networkLayout(syntheticLarge());
const all = syntheticLarge().blocks.map(({ name }) => name);

/** How far nodes lie outside the room, in pixels of the screen. */
function overhang({ nodes }: Layout, { x, y, zoom }: ReturnType<typeof viewOf>): number {
  return Math.max(
    ...nodes.flatMap((node) => [
      -(node.x * zoom + x),
      -(node.y * zoom + y),
      (node.x + node.width) * zoom + x - size.width,
      (node.y + node.height) * zoom + y - size.height,
    ]),
  );
}

it('shows all of a network in rows, however large', () => {
  for (const expanded of [[], all]) {
    const layout = large.layOut({ arrangement: 'compact', expanded, aspect: 1.5 });
    expect(overhang(layout, viewOf(layout, size, 'compact'))).toBeLessThanOrEqual(0);
  }
});

it('shows a long line from its beginning, large enough to read, and all of it on demand', () => {
  for (const arrangement of ['down', 'right'] as const) {
    const layout = large.layOut({ arrangement, expanded: all, aspect: 1.5 });
    const view = viewOf(layout, size, arrangement);
    expect(view.zoom).toBeGreaterThanOrEqual(0.3);
    const [first] = layout.nodes;
    expect(first!.x * view.zoom + view.x).toBeGreaterThanOrEqual(0);
    expect(first!.y * view.zoom + view.y).toBeGreaterThanOrEqual(0);
    expect(first!.y * view.zoom + view.y).toBeLessThan(size.height);
    expect(overhang(layout, wholeView(layout, size))).toBeLessThanOrEqual(0);
  }
});

it('moves only to what is out of view', () => {
  const node = { x: 100, y: 100, width: 178, height: 70 };
  expect(viewTo(node, size, { x: 0, y: 0, zoom: 1 })).toBeNull();
  const view = viewTo(node, size, { x: -5000, y: 0, zoom: 1 })!;
  expect(viewTo(node, size, view)).toBeNull();
});

it('keeps a block that was opened where it was', () => {
  const view = steadyView(
    { x: 100, y: 100, width: 10, height: 10 },
    { x: 300, y: 150, width: 99, height: 99 },
    { x: 5, y: 6, zoom: 0.5 },
  );
  expect(300 * view.zoom + view.x).toBe(100 * 0.5 + 5);
  expect(150 * view.zoom + view.y).toBe(100 * 0.5 + 6);
});
