import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import type { Split } from '../../dataset/index.ts';
import { FeatureCache } from '../../training/features/featureCache.ts';
import type { FeatureKey } from '../../training/features/featureKey.ts';
import { keptFeatures } from './keptFeatures.ts';

it('counts features of a GPU only where a training would compute them on one', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'thaw-kept-'));
  const [trained, validated] = ['a', 'b'].map((letter) => letter.repeat(64));
  const key: FeatureKey = {
    backbone: 'b',
    weightsHash: 'w',
    frontier: ['layer'],
    valuesPerImage: 1,
    preprocess: 'tf',
    width: 8,
    height: 8,
    resize: 'squash',
    view: null,
    encoding: 'float32',
  };
  for (const [device, ids] of [
    [{}, [trained!, validated!]],
    [{ device: 'gpu' }, [trained!]],
  ] as const) {
    const cache = await FeatureCache.open(root, { ...key, ...device });
    await cache.append(ids, new Float32Array(ids.length));
    await cache.flush();
    await cache.close();
  }
  const split = { train: [{ id: trained }], validation: [{ id: validated }] } as unknown as Split;
  const { weightsHash, preprocess, width, height } = key;
  const own = { weightsHash, preprocess, width, height };
  const counted = (device: 'gpu' | undefined) =>
    keptFeatures(split, { key: { ...own, device }, settings: defaultTrainSettings }, root);
  expect(await counted(undefined)).toEqual([{ layers: ['layer'], train: 1, validation: 1 }]);
  expect(await counted('gpu')).toEqual([{ layers: ['layer'], train: 1, validation: 0 }]);
});
