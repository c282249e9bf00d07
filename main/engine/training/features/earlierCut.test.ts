import { describe, expect, it } from 'vitest';
import { reaches } from '../../../../shared/domain/plan/flow.ts';
import { resolveBackbone } from '../../network/index.ts';
import { earlierCuts } from './earlierCut.ts';
import type { FeatureKey } from './featureKey.ts';

const backbone = await resolveBackbone('thaw-mobilenet-v2-035-128');
if (!backbone.ok || backbone.value.kind !== 'layers') throw new Error('No bundled backbone');
const { network } = backbone.value;

const key = (frontier: string[], more: Partial<FeatureKey> = {}): FeatureKey => ({
  backbone: 'b',
  weightsHash: 'w',
  frontier,
  valuesPerImage: 1,
  preprocess: 'tf',
  width: 128,
  height: 128,
  resize: 'squash',
  view: null,
  encoding: 'float32',
  ...more,
});

const stored = (...keys: FeatureKey[]) =>
  keys.map((one) => ({ folder: one.frontier.join(), key: one, images: 1, bytes: 0, lastUsed: new Date() }));

describe('earlier cuts', () => {
  it('need every tensor that crosses them', () => {
    expect(reaches(network.layers, ['block_14_add'], ['block_15_add'])).toBe(true);
    expect(reaches(network.layers, ['block_15_depthwise_relu'], ['block_15_add'])).toBe(false);
    expect(reaches(network.layers, ['block_14_add', 'block_15_depthwise_relu'], ['block_15_add'])).toBe(true);
    expect(reaches(network.layers, ['block_15_add'], ['block_14_add'])).toBe(false);
  });

  it('are those of the same weights and images, the nearest first', () => {
    const wanted = key(['block_16_project_BN']);
    const far = key(['block_12_add']);
    const near = key(['block_15_add']);
    const found = earlierCuts(
      network,
      wanted,
      stored(
        far,
        near,
        wanted,
        key(['out_relu']),
        key(['block_15_add'], { weightsHash: 'other' }),
        key(['block_15_add'], { resize: 'crop' }),
        key(['block_15_add'], { encoding: 'float16' }),
        key(['block_15_add'], { device: 'gpu' }),
        key(['block_15_add'], { view: { strength: 'light', flip: true, seed: 0, number: 0 } }),
      ),
    );
    expect(found).toEqual([near, far]);
  });
});
