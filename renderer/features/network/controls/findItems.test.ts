import { expect, it } from 'vitest';
import { findItems } from './findItems.ts';

const layer = (name: string, type: string, block: string) => ({
  name,
  type,
  block,
  inputs: [],
  outputShape: [],
  parameters: 0,
  trainable: 0,
  multiplyAdds: 0,
  config: {},
  weights: [],
});
const block = (name: string) => ({ name, layers: 1, outputShape: [], parameters: 0 });
const model = {
  layers: [
    layer('conv', 'Conv2D', 'stem'),
    layer('block_1_conv', 'Conv2D', 'block_1'),
    layer('block_1_bn', 'BatchNormalization', 'block_1'),
    layer('predictions', 'Dense', 'head'),
  ],
  blocks: [block('stem'), block('block_1'), block('head')],
  replaced: ['predictions'],
};
const names = (query: string) => findItems(model, query).map(({ name }) => name);

it('finds by name and by class, with all words, names that begin so first', () => {
  expect(names('conv')).toEqual(['conv', 'block_1_conv']);
  expect(names('block_1')).toEqual(['block_1', 'block_1_conv', 'block_1_bn']);
  expect(names('batchnorm 1')).toEqual(['block_1_bn']);
  expect(names('  ')).toEqual([]);
});

it('does not find what training takes off', () => {
  expect(names('predictions')).toEqual([]);
  expect(names('head')).toEqual([]);
});
