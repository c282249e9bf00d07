import { describe, expect, it } from 'vitest';
import type { AdviceContext, AdvisedLayer } from './advice.ts';
import { adviseOn } from './advice.ts';
import { adviceLine } from './adviceTexts.ts';

const layers: AdvisedLayer[] = ['stem', 'block_1', 'block_2', 'block_3'].flatMap((block, index, blocks) => [
  {
    name: `${block}_conv`,
    block,
    type: 'Conv2D',
    inputs: index === 0 ? [] : [`${blocks[index - 1] ?? ''}_relu`],
    parameters: 1000,
    trainable: 1000,
  },
  {
    name: `${block}_bn`,
    block,
    type: 'BatchNormalization',
    inputs: [`${block}_conv`],
    parameters: 40,
    trainable: 20,
  },
  { name: `${block}_relu`, block, type: 'ReLU', inputs: [`${block}_bn`], parameters: 0, trainable: 0 },
]);
const calm: AdviceContext = {
  trainImages: 10_000,
  batchSize: 32,
  batchNorm: 'inference',
  learningRate: 1e-4,
  trainsHeadFirst: true,
};
const block = (...names: string[]) => names.flatMap((name) => [`${name}_conv`, `${name}_bn`]);
const kinds = (thawed: string[], context: Partial<AdviceContext> = {}) =>
  adviseOn(layers, new Set(thawed), { ...calm, ...context }).map(({ kind }) => kind);

describe('advice on a plan', () => {
  it('has nothing to say about a head alone, or about last blocks on enough images', () => {
    expect(kinds([], { trainImages: 5, learningRate: 1, trainsHeadFirst: false })).toEqual([]);
    expect(kinds(block('block_2', 'block_3'))).toEqual([]);
  });

  it('warns of everything thawed on few images, and of more weights than images can decide', () => {
    const all = block('stem', 'block_1', 'block_2', 'block_3');
    expect(kinds(all, { trainImages: 50 })).toEqual(['everything-on-few']);
    expect(kinds(all, { trainImages: 600 })).toEqual([]);
    const heavy = layers.map((layer) => ({ ...layer, trainable: 1000 * layer.trainable }));
    expect(adviseOn(heavy, new Set(block('block_3')), { ...calm, trainImages: 100 })).toEqual([
      { kind: 'many-parameters', parameters: 1_020_000, images: 100 },
    ]);
    expect(kinds(all, { trainImages: null })).toEqual([]);
  });

  it('warns of a thawed island below frozen layers', () => {
    expect(adviseOn(layers, new Set(block('block_1', 'block_3')), calm)).toEqual([
      { kind: 'island', block: 'block_1', frozen: 'block_2' },
    ]);
  });

  it('warns of a block whose normalisation stays frozen', () => {
    expect(adviseOn(layers, new Set(['block_3_conv']), calm)).toEqual([
      { kind: 'half-thawed-norm', block: 'block_3', layers: 1 },
    ]);
    // Normalisations alone may be thawed (Frankle et al. 2020).
    expect(kinds(['block_3_bn'])).toEqual([]);
  });

  it('warns of batch statistics from small batches only where they are used', () => {
    expect(kinds(block('block_3'), { batchSize: 4, batchNorm: 'update' })).toEqual(['small-batch-norm']);
    expect(kinds(block('block_3'), { batchSize: 4 })).toEqual([]);
  });

  it('warns of a rate made for new layers and of a head that is still random', () => {
    expect(kinds(block('block_3'), { learningRate: 3e-3, trainsHeadFirst: false })).toEqual([
      'high-rate',
      'untrained-head',
    ]);
  });

  it('says why, what to do and where to read it, in one line', () => {
    expect(adviceLine({ kind: 'everything-on-few', images: 50 })).toMatch(
      /^Everything is thawed on 50 images\. .*Thaw the last blocks only.*arxiv\.org\/abs\/1411\.1792\)$/,
    );
  });
});
