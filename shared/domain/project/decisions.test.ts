import { describe, expect, it } from 'vitest';
import type { Decision } from './decisions.ts';
import { objection, overlayOf, standingOf } from './decisions.ts';

/** Where some images of the classes cat and dog stand after decisions. */
function after(...decisions: Decision[]): Record<string, string | null> {
  const overlay = overlayOf(decisions);
  const images = { c1: 'cat', c2: 'cat', d1: 'dog' };
  return Object.fromEntries(
    Object.entries(images).map(([path, label]) => {
      const standing = standingOf(overlay, path, label);
      return [path, standing.isExcluded ? null : standing.label];
    }),
  );
}

describe('decisions', () => {
  it('move, set aside and take back images', () => {
    expect(after()).toEqual({ c1: 'cat', c2: 'cat', d1: 'dog' });
    expect(after({ type: 'label', images: ['c1'], label: 'dog' })).toMatchObject({ c1: 'dog', c2: 'cat' });
    expect(after({ type: 'exclude', images: ['c1', 'd1'] })).toEqual({ c1: null, c2: 'cat', d1: null });
    expect(
      after(
        { type: 'exclude', images: ['c1'] },
        { type: 'restore', images: ['c1'] },
        { type: 'exclude', images: ['d1'] },
      ),
    ).toEqual({ c1: 'cat', c2: 'cat', d1: null });
  });

  it('follow a class through its names', () => {
    expect(
      after(
        { type: 'label', images: ['d1'], label: 'cat' },
        { type: 'rename-class', from: 'cat', to: 'kitty' },
        { type: 'rename-class', from: 'kitty', to: 'feline' },
      ),
    ).toEqual({ c1: 'feline', c2: 'feline', d1: 'feline' });
  });

  it('do not confuse a class with a new one of its old name', () => {
    expect(
      after(
        { type: 'rename-class', from: 'cat', to: 'kitty' },
        { type: 'create-class', name: 'cat' },
        { type: 'label', images: ['c2'], label: 'cat' },
        { type: 'rename-class', from: 'cat', to: 'lion' },
      ),
    ).toEqual({ c1: 'kitty', c2: 'lion', d1: 'dog' });
  });

  it('merge classes, and bring an image out of a deleted one', () => {
    expect(after({ type: 'merge-classes', from: 'cat', into: 'dog' })).toEqual({
      c1: 'dog',
      c2: 'dog',
      d1: 'dog',
    });
    expect(
      after({ type: 'delete-class', name: 'cat' }, { type: 'label', images: ['c1'], label: 'dog' }),
    ).toEqual({ c1: 'dog', c2: null, d1: 'dog' });
    expect([
      ...overlayOf([
        { type: 'create-class', name: 'x' },
        { type: 'delete-class', name: 'x' },
      ]).created,
    ]).toEqual([]);
  });

  it('are undone by leaving out the last', () => {
    const all: Decision[] = [
      { type: 'rename-class', from: 'cat', to: 'kitty' },
      { type: 'exclude', images: ['c1'] },
      { type: 'merge-classes', from: 'kitty', into: 'dog' },
      { type: 'delete-class', name: 'dog' },
    ];
    expect(after(...all)).toEqual({ c1: null, c2: null, d1: null });
    expect(after(...all.slice(0, 3))).toEqual({ c1: null, c2: 'dog', d1: 'dog' });
    expect(after(...all.slice(0, 1))).toEqual({ c1: 'kitty', c2: 'kitty', d1: 'dog' });
  });

  it('pin an image to a side, and let it go again', () => {
    const pin: Decision = { type: 'pin', images: ['c1'], split: 'test' };
    expect(standingOf(overlayOf([pin]), 'c1', 'cat').pinned).toBe('test');
    expect(standingOf(overlayOf([pin, { ...pin, split: null }]), 'c1', 'cat').pinned).toBeNull();
  });

  it('are refused where they make no sense', () => {
    const classes = new Set(['cat', 'dog']);
    expect(objection({ type: 'create-class', name: 'cat' }, classes)).toContain('already');
    expect(objection({ type: 'create-class', name: '  ' }, classes)).toContain('needs a name');
    expect(objection({ type: 'create-class', name: 'a\nb' }, classes)).toContain('control');
    expect(objection({ type: 'rename-class', from: 'bird', to: 'x' }, classes)).toContain('no class "bird"');
    expect(objection({ type: 'rename-class', from: 'cat', to: 'dog' }, classes)).toContain('already');
    expect(objection({ type: 'merge-classes', from: 'cat', into: 'cat' }, classes)).toContain('itself');
    expect(objection({ type: 'exclude', images: [] }, classes)).toContain('No image');
    expect(objection({ type: 'merge-classes', from: 'cat', into: 'dog' }, classes)).toBeNull();
  });
});
