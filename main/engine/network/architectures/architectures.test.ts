import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/packageRoot.ts';
import type { StructureTable } from '../../testing/structure.ts';
import { structureOf, structureRow } from '../../testing/structure.ts';
import { recognisePreprocess } from '../importers/preprocess.ts';
import { architectures, findArchitecture } from './index.ts';

/** What Keras 2.15 says; bench/parity/structures.ts asks it. */
const table = JSON.parse(
  readFileSync(path.join(packageRoot, 'bench', 'parity', 'structures.json'), 'utf8'),
) as StructureTable;
const everyOne = [...architectures.values()];

describe('architectures beside Keras Applications', () => {
  it('are all there', () => {
    const ours = everyOne.filter(({ keras }) => keras !== null).map(({ name }) => name);
    expect(ours.sort()).toEqual(Object.keys(table).sort());
  });

  it.each(Object.entries(table))(
    '%s has Keras’s layers, in order: names, classes, connections, shapes, parameters',
    (name, rows) => {
      for (const row of rows) {
        const { imageSize, includeTop } = row;
        const network = architectures.get(name)!.build({ imageSize, includeTop });
        if (!network.ok) throw new Error(network.error.message);
        // Where this fails, `node bench/parity/run.mjs structures NAME` names the layer.
        expect(structureRow(structureOf(network.value), { imageSize, includeTop })).toEqual(row);
      }
    },
  );

  // Keras's documentation of its applications.
  it.each([
    ['efficientnet-b0', 5_330_571],
    ['resnet50', 25_636_712],
    ['mobilenet-v2-1.0', 3_538_984],
    ['vgg16', 138_357_544],
    ['nasnet-mobile', 5_326_716],
    ['convnext-xlarge', 350_196_968],
  ])('%s has %i parameters', (name, parameters) => {
    const network = architectures.get(name)!.build({ includeTop: true });
    if (!network.ok) throw new Error(network.error.message);
    expect(network.value.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
  });
});

describe('blocks of architectures', () => {
  const blocksOf = (name: string, includeTop = false): string[] => {
    const network = architectures.get(name)!.build({ includeTop });
    if (!network.ok) throw new Error(network.error.message);
    return network.value.blocks.map((block) => block.name);
  };

  it.each(everyOne.map(({ name }) => name))('%s falls into blocks of a size to thaw together', (name) => {
    const network = architectures.get(name)!.build({ includeTop: true });
    if (!network.ok) throw new Error(network.error.message);
    const { blocks, layers } = network.value;
    expect(blocks.length).toBeGreaterThanOrEqual(7);
    expect(blocks[0]!.name).toBe('stem');
    expect(blocks.at(-1)!.name).toBe('head');
    for (const block of blocks)
      expect(block.layers.length).toBeLessThanOrEqual(Math.max(8, layers.length / 5));
    expect(blocks.reduce((sum, block) => sum + block.parameters, 0)).toBe(
      layers.reduce((sum, layer) => sum + layer.parameters, 0),
    );
  });

  it('have the names the papers and Keras give them', () => {
    expect(blocksOf('resnet50')).toContain('conv4_block6');
    expect(blocksOf('efficientnet-b0')).toContain('block6d');
    expect(blocksOf('nasnet-mobile')).toEqual(
      expect.arrayContaining(['cell_stem_2', 'cell_0', 'cell_reduce_8']),
    );
    expect(blocksOf('inception-v3').slice(2)).toEqual(
      Array.from({ length: 11 }, (_, number) => `mixed${number}`),
    );
    expect(blocksOf('inception-resnet-v2')).toEqual(
      expect.arrayContaining(['mixed_6a', 'block17_20', 'block8_10']),
    );
    expect(blocksOf('convnext-tiny').filter((name) => name.startsWith('stage_2'))).toHaveLength(9);
    expect(blocksOf('xception').slice(1)).toEqual(
      Array.from({ length: 14 }, (_, number) => `block${number + 1}`),
    );
    expect(blocksOf('squeezenet-1.1')).toEqual([
      'stem',
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `fire${number}`),
      'top',
    ]);
  });
});

describe('pixel scaling of architectures', () => {
  it.each(everyOne.map(({ name }) => name))(
    '%s is scaled alike by name and from a file without a card',
    (name) => {
      const one = architectures.get(name)!;
      const network = one.build();
      if (!network.ok) throw new Error(network.error.message);
      expect(recognisePreprocess(network.value, false)).toBe(one.preprocess);
    },
  );
});

describe('names of architectures', () => {
  it.each([
    ['ResNet50', 'resnet50'],
    ['resnet50v2', 'resnet50-v2'],
    ['efficientnet_b0', 'efficientnet-b0'],
    ['EfficientNetV2B3', 'efficientnet-v2-b3'],
    ['mobilenet_v2_1.0', 'mobilenet-v2-1.0'],
    ['MobileNetV2', 'mobilenet-v2-1.0'],
    ['mobilenet_v2_035', 'mobilenet-v2-0.35'],
    ['mobilenetv2_1.40_224', 'mobilenet-v2-1.4'],
    ['MobileNet', 'mobilenet-1.0'],
    ['MobileNetV3Large', 'mobilenet-v3-large-1.0'],
    ['mobilenetv3-small-minimalistic', 'mobilenet-v3-small-minimalistic'],
    ['ConvNeXtXLarge', 'convnext-xlarge'],
    ['NASNetMobile', 'nasnet-mobile'],
    ['squeezenet1.1', 'squeezenet-1.1'],
    ['InceptionResNetV2', 'inception-resnet-v2'],
  ])('%s is %s', (spelling, name) => {
    expect(findArchitecture(spelling)?.name).toBe(name);
  });

  it('are unlike each other in every spelling', () => {
    const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');
    const owners = new Map<string, string>();
    for (const { name, spellings } of everyOne)
      for (const spelling of [name, ...spellings].map(plain)) {
        expect(owners.get(spelling) ?? name).toBe(name);
        owners.set(spelling, name);
      }
  });

  it('refuse images that are too small, saying how large they must be', () => {
    const refused = findArchitecture('xception')!.build({ imageSize: 64 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'usage', found: '64' } });
    expect(!refused.ok && refused.error.expected).toContain('71');
  });
});
