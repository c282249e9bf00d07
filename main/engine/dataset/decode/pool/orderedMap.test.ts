import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ThawFailure } from '../../../../../shared/errors.ts';
import { orderedMap } from './orderedMap.ts';

describe('orderedMap', () => {
  it('keeps order, stays within its look-ahead and pulls lazily', async () => {
    let pulled = 0;
    let busy = 0;
    let most = 0;
    function* items() {
      for (let i = 0; i < 50; i++) {
        pulled += 1;
        yield i;
      }
    }
    const seen: number[] = [];
    const work = async (item: number) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, (item * 7) % 5));
      busy -= 1;
      return item;
    };
    for await (const item of orderedMap(items(), 4, work)) {
      seen.push(item);
      expect(pulled - seen.length).toBeLessThanOrEqual(4);
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(most).toBe(4);
  });

  it('lets go of results as they are taken, with and without a signal', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (const signal of [undefined, new AbortController().signal]) {
      const alive: WeakRef<Uint8Array>[] = [];
      const items = Array.from({ length: 200 }, (_, i) => i);
      let left = 0;
      let taken = 0;
      for await (const result of orderedMap(items, 4, () => Promise.resolve(new Uint8Array(1000)), signal)) {
        alive.push(new WeakRef(result));
        if (++taken === 190) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          collect();
          left = alive.filter((one) => one.deref() !== undefined).length;
        }
      }
      expect(left).toBeLessThan(20);
    }
  });

  it('throws when cancelled, even while work hangs', async () => {
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 10);
    const run = async () => {
      for await (const item of orderedMap(
        [1, 2],
        2,
        () => new Promise<number>(() => undefined),
        abort.signal,
      )) {
        expect(item).toBeUndefined();
      }
    };
    await expect(run()).rejects.toBeInstanceOf(ThawFailure);
  });
});
