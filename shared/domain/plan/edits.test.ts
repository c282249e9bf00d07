import { describe, expect, it } from 'vitest';
import {
  isSamePlan,
  presetPlan,
  stateOf,
  thawFromBlock,
  thawFromLayer,
  thawable,
  thawableOf,
  toggle,
  withLayers,
} from './edits.ts';
import { reachedByGradient } from './flow.ts';
import { change, redo, startHistory, undo } from './history.ts';

const layer = (name: string, block: string, parameters: number) => ({ name, block, parameters });
const network = {
  layers: [
    layer('input', 'stem', 0),
    layer('conv', 'stem', 10),
    ...[1, 2, 3, 4].flatMap((index) => [
      layer(`conv_${index}`, `block_${index}`, 10),
      layer(`relu_${index}`, `block_${index}`, 0),
      layer(`bn_${index}`, `block_${index}`, 4),
    ]),
    layer('pool', 'head', 0),
    layer('predictions', 'head', 1000),
  ],
  blocks: ['stem', 'block_1', 'block_2', 'block_3', 'block_4', 'head'].map((name) => ({ name })),
  replaced: ['predictions'],
};
const none = new Set<string>();

describe('a freeze plan', () => {
  it('thaws only layers with weights that a training keeps', () => {
    expect(thawable(network)).toHaveLength(9);
    expect(thawable(network)).not.toContain('predictions');
    expect(thawableOf(network, ['head'])).toEqual([]);
    expect(thawableOf(network, ['block_2'])).toEqual(['conv_2', 'bn_2']);
  });

  it('toggles several layers as one', () => {
    const partly = withLayers(none, ['conv_1'], true);
    expect(stateOf(['conv_1', 'bn_1'], partly)).toBe('partly');
    const thawed = toggle(partly, ['conv_1', 'bn_1']);
    expect(stateOf(['conv_1', 'bn_1'], thawed)).toBe('thawed');
    expect(stateOf(['conv_1', 'bn_1'], toggle(thawed, ['conv_1', 'bn_1']))).toBe('frozen');
    expect(stateOf([], thawed)).toBe('weightless');
  });

  it('thaws from a layer or block to the output, and freezes what comes before', () => {
    expect([...thawFromLayer(network, 'bn_3')]).toEqual(['bn_3', 'conv_4', 'bn_4']);
    expect([...thawFromBlock(network, 'block_4')]).toEqual(['conv_4', 'bn_4']);
    expect(thawFromLayer(network, 'nowhere').size).toBe(0);
  });

  it('has presets', () => {
    expect([...presetPlan(network, 'head')]).toEqual([]);
    expect([...presetPlan(network, 'last')]).toEqual(['conv_4', 'bn_4']);
    // Five blocks have weights: two of them are the last quarter.
    expect([...presetPlan(network, 'quarter')]).toEqual(['conv_3', 'bn_3', 'conv_4', 'bn_4']);
    expect(isSamePlan(presetPlan(network, 'all'), new Set(thawable(network)))).toBe(true);
  });

  it('can be undone and redone, and forgets what was undone after a change', () => {
    const isSame = (one: number, other: number): boolean => one === other;
    let history = change(change(startHistory(0), 1, isSame), 2, isSame);
    expect(change(history, 2, isSame)).toBe(history);
    history = undo(history);
    expect(history.present).toBe(1);
    expect(redo(history).present).toBe(2);
    history = change(history, 3, isSame);
    expect(history.past).toEqual([0, 1]);
    expect(redo(history).present).toBe(3);
    expect(undo(undo(undo(history))).present).toBe(0);
  });
});

it('tells which layers a gradient reaches', () => {
  const layers = [
    { name: 'a', inputs: [] },
    { name: 'b', inputs: ['a'] },
    { name: 'c', inputs: ['b'] },
    { name: 'd', inputs: ['c', 'a'] },
    { name: 'e', inputs: ['a'] },
  ];
  expect([...reachedByGradient(layers, new Set(['b']))]).toEqual(['b', 'c', 'd']);
});
