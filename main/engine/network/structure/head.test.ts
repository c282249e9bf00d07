import { describe, expect, it } from 'vitest';
import { findArchitecture, openArchitecture } from '../architectures/index.ts';
import { attachHead } from './head.ts';

async function dropoutsOfHead(backbone: string, dropout: number | null): Promise<unknown[]> {
  const opened = await openArchitecture(findArchitecture(backbone)!, { weights: null, imageSize: 64 });
  if (!opened.ok) throw new Error(opened.error.message);
  const settings = { classes: ['a', 'b'], units: [], dropout, seed: 0, imageSize: null };
  const head = attachHead(opened.value.network, opened.value.weights, settings);
  if (!head.ok) throw new Error(head.error.message);
  return head.value.network.layers
    .filter(({ name, className }) => className === 'Dropout' && head.value.headLayers.includes(name))
    .map(({ config }) => config['rate']);
}

describe('dropout of the head', () => {
  it('is what the backbone drops before its own classifier, unless told otherwise', async () => {
    expect(await dropoutsOfHead('squeezenet-1.1', null)).toEqual([0.5]);
    expect(await dropoutsOfHead('squeezenet-1.1', 0)).toEqual([]);
    expect(await dropoutsOfHead('squeezenet-1.1', 0.2)).toEqual([0.2]);
    expect(await dropoutsOfHead('mobilenet-0.25', null)).toEqual([]);
  });
});
