import { describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../../../shared/domain/dataset.ts';
import { likenessOf } from './likeness.ts';
import { nearDuplicates } from './nearDuplicates.ts';

function image(index: number, perceptual: string): ImageRecord {
  return {
    ...{ id: String(index), path: String(index), label: 'a', split: null, bytes: 1 },
    ...{ width: 8, height: 8, format: 'png', perceptual },
  };
}

/** A generator of 64-bit values that is the same each time (xorshift64). */
function* values(): Generator<bigint, never> {
  let state = 88172645463325252n;
  for (;;) {
    state ^= (state << 13n) & 0xffff_ffff_ffff_ffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffff_ffff_ffff_ffffn;
    yield state;
  }
}

const hex = (value: bigint): string => value.toString(16).padStart(16, '0');

function distance(a: string, b: string): number {
  return [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === '1').length;
}

describe('images that look nearly the same', () => {
  it('are found as comparing every pair finds them', () => {
    const random = values();
    const images: ImageRecord[] = [];
    for (let base = 0; base < 300; base += 1) {
      const hash = random.next().value;
      images.push(image(images.length, hex(hash)));
      // A copy with one to nine bits flipped anywhere.
      let flips = 0n;
      for (let bit = 0; bit <= base % 9; bit += 1) flips |= 1n << (random.next().value % 64n);
      images.push(image(images.length, hex(hash ^ flips)));
    }
    const parent = images.map((_, index) => index);
    const find = (index: number): number => (parent[index] === index ? index : find(parent[index]!));
    for (const [a, one] of images.entries())
      for (let b = 0; b < a; b += 1)
        if (distance(one.perceptual!, images[b]!.perceptual!) <= 6) parent[find(a)] = find(b);
    const expected = new Map<number, string[]>();
    for (const [index, one] of images.entries())
      expected.set(find(index), [...(expected.get(find(index)) ?? []), one.path]);
    const groups = [...expected.values()].filter((group) => group.length > 1);
    const found = nearDuplicates(images).map((group) => group.map(({ path }) => path));
    // What is known of all images serves any of them, as after leaving some out.
    const all = likenessOf(images.map(({ perceptual }) => perceptual!));
    const some = images.filter((_, index) => index % 5 !== 1);
    expect(nearDuplicates(some, all)).toEqual(nearDuplicates(some));
    expect(nearDuplicates(some, { ...all, pairs: null })).toEqual(nearDuplicates(some));
    expect(groups.length).toBeGreaterThan(150);
    expect(found.map((group) => group.join()).sort()).toEqual(groups.map((group) => group.join()).sort());
  });

  it('are not images without a hash', () => {
    const flat = [0, 1].map((index) => {
      const { perceptual, ...rest } = image(index, '0');
      expect(perceptual).toBe('0');
      return rest;
    });
    expect(nearDuplicates(flat)).toEqual([]);
  });
});
