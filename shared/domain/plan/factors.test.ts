import { describe, expect, it } from 'vitest';
import {
  commonFactor,
  discriminativeRates,
  factorsFrom,
  globsOf,
  isSameFactors,
  withFactor,
} from './factors.ts';

const blocks = ['stem', 'block_1', 'block_2', 'block_3', 'block_4', 'block_5'];
const network = {
  layers: blocks.flatMap((block) => [
    { name: `${block}_conv`, block, parameters: 10 },
    { name: `${block}_relu`, block, parameters: 0 },
    { name: `${block}_bn`, block, parameters: 4 },
  ]),
  blocks: blocks.map((name) => ({ name })),
  replaced: [],
};
const weighted = network.layers.filter(({ parameters }) => parameters > 0).map(({ name }) => name);

describe('factors of layers', () => {
  it('are given to several layers at once, and taken back', () => {
    const rates = withFactor(new Map(), ['block_1_conv', 'block_1_bn'], 0.1);
    expect(commonFactor(rates, ['block_1_conv', 'block_1_bn'], 1)).toBe(0.1);
    expect(commonFactor(rates, ['block_1_conv', 'block_2_conv'], 1)).toBeNull();
    expect(commonFactor(rates, ['block_2_conv'], 1)).toBe(1);
    expect(withFactor(rates, ['block_1_conv', 'block_1_bn'], null).size).toBe(0);
  });

  it('reach a training by block where its thawed layers agree, and come back the same', () => {
    const thawed = new Set(['block_1_bn', 'block_2_conv', 'block_2_bn', 'block_3_conv', 'block_3_bn']);
    let rates = withFactor(new Map(), ['block_1_bn', 'block_2_conv', 'block_2_bn'], 0.1);
    rates = withFactor(rates, ['block_3_conv'], 2);
    // Of a frozen layer nothing is said.
    rates = withFactor(rates, ['block_4_conv'], 3);
    const globs = globsOf(network, rates, thawed);
    expect(globs).toEqual({ block_1: 0.1, block_2: 0.1, block_3_conv: 2 });
    const back = factorsFrom(network.layers, globs, 'multiply');
    for (const layer of thawed) expect(back.get(layer) ?? 1).toBe(rates.get(layer) ?? 1);
  });

  it('multiply where globs overlap; of strengths the last one counts', () => {
    const globs = { 'block_1*': 0.5, block_1_bn: 0.5 };
    expect(factorsFrom(network.layers, globs, 'multiply').get('block_1_bn')).toBe(0.25);
    expect(factorsFrom(network.layers, { block_1: 3, block_1_bn: 0 }, 'last').get('block_1_bn')).toBe(0);
  });

  it('fall by 2.6 from block to block, to a hundredth', () => {
    const rates = discriminativeRates(network, new Set(weighted));
    const byBlock = blocks.map((block) => rates.get(`${block}_conv`));
    // 1 / 2.6 to the powers 6 to 1, in two digits.
    expect(byBlock).toEqual([0.01, 0.01, 0.022, 0.057, 0.15, 0.38]);
    expect(rates.get('block_5_bn')).toBe(0.38);
    expect(rates.has('block_5_relu')).toBe(false);
    expect(isSameFactors(rates, discriminativeRates(network, new Set(weighted)))).toBe(true);
  });
});
