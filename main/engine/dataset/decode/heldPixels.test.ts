import { describe, expect, it } from 'vitest';
import { HeldPixels } from './heldPixels.ts';

const target = { width: 2, height: 2, resize: 'squash' } as const;
const pixels = new Uint8Array(12);
const image = (path: string): { location: string; path: string } => ({ location: '/flowers', path });

describe('pixels that are held', () => {
  it('take room once for an image that several wait for at the same moment', () => {
    const held = new HeldPixels(target, 2 * 12);
    expect(held.reserve(image('a'))).toEqual(target);
    expect(held.reserve(image('a'))).toBeNull();
    expect(held.room).toBe(1);
    expect(held.reserve(image('b'))).toEqual(target);
    held.put(image('a'), pixels);
    expect(held.reserve(image('a'))).toBeNull();
    held.release(image('b'));
    expect(held.room).toBe(1);
    expect(held.look(image('a'), target)).toBe(pixels);
  });

  it('give their room back when they are taken, left out or dropped', () => {
    const held = new HeldPixels(target, 3 * 12);
    for (const path of ['a', 'b', 'c']) {
      held.reserve(image(path));
      held.put(image(path), pixels);
    }
    expect(held.room).toBe(0);
    expect(held.take(image('a'), target)).toBe(pixels);
    expect(held.take(image('a'), target)).toBeNull();
    expect(held.room).toBe(1);
    held.keepOnly([image('c')]);
    expect(held.room).toBe(2);
    held.clear();
    expect(held.room).toBe(3);
  });

  it('are of one size: for another there are none', () => {
    const held = new HeldPixels(target, 12);
    held.reserve(image('a'));
    held.put(image('a'), pixels);
    expect(held.look(image('a'), { ...target, width: 3 })).toBeNull();
    expect(held.take(image('a'), { ...target, resize: 'crop' })).toBeNull();
    expect(held.look(image('a'), target)).toBe(pixels);
  });
});
