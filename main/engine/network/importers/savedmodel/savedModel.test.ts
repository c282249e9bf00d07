import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { TrainSettings } from '../../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../../shared/domain/run.ts';
import { quietContext } from '../../../jobs/context.ts';
import { operations } from '../../../operations/index.ts';
import { judgeMissing, runJudge } from '../../../testing/judge.ts';
import { makeColourDataset } from '../../../testing/colourDataset.ts';
import { openGraphPrefix } from '../../../training/features/graph/openGraphPrefix.ts';
import type { Prefix } from '../../../training/features/prefix.ts';
import { openPrefix } from '../../../training/features/prefix.ts';
import { storedZip } from '../../../export/common/storedZip.ts';
import type { ImportedNetwork } from '../../index.ts';
import { createRandom, dropHead, importNetwork } from '../../index.ts';
import { folderFiles } from '../files/modelFiles.ts';
import { importSavedModelGraph } from './graph/importGraph.ts';
import { must } from '../../../testing/must.ts';

const size = 32;
const count = 3;
const random = createRandom(8, 'pixels');
const pixels = Uint8Array.from({ length: count * size * size * 3 }, () => random.uniform(0, 256));

interface Wanted {
  readonly preprocess: Preprocess;
  readonly features: number[][];
  readonly parameters: number;
}
let folder: string;
let wanted: Record<string, Wanted>;

beforeAll(async () => {
  if (judgeMissing !== null) return;
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-saved-'));
  const file = path.join(folder, 'pixels.bin');
  await writeFile(file, pixels);
  const printed = await runJudge('saved_models.py', [folder, file, String(count), String(size)]);
  wanted = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as typeof wanted;
}, 180_000);

async function expectFeatures(prefix: Prefix, { features }: Wanted): Promise<void> {
  const values = await prefix.run(pixels.slice(), count);
  await prefix.dispose();
  const expected = features.flat();
  expect(values).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expect(scale).toBeGreaterThan(0.01);
  for (const [at, value] of expected.entries())
    expect(Math.abs((values[at] ?? Number.NaN) - value)).toBeLessThan(1e-4 * scale);
}

const graphOf = (name: string) => {
  const place = path.join(folder, name);
  return importSavedModelGraph(folderFiles(place), place);
};

async function openLayers(imported: ImportedNetwork, preprocess: Preprocess): Promise<Prefix> {
  if (imported.kind !== 'layers') throw new Error('It has no layers');
  const { network } = must(dropHead(imported.network));
  return must(await openPrefix(network, imported.weights, { frontier: [network.output], preprocess }));
}

describe.skipIf(judgeMissing !== null)(`a SavedModel (${judgeMissing ?? 'judged'})`, () => {
  it.each(['mobile', 'own'])(
    '%s of Keras 2.15 is layers that can be thawed, with Keras’s weights',
    async (name) => {
      const imported = must(await importNetwork(path.join(folder, name)));
      if (imported.kind !== 'layers') throw new Error('It is a graph');
      const { parameters, preprocess } = wanted[name]!;
      expect(imported.network.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
      expect(imported.preprocess).toBe(preprocess);
      await expectFeatures(await openLayers(imported, preprocess), wanted[name]!);
    },
  );

  it('is the same network with the same weights as the .h5 of the same model, two layers of one name included', async () => {
    const [saved, file] = [
      must(await importNetwork(path.join(folder, 'own'))),
      must(await importNetwork(path.join(folder, 'own.h5'))),
    ];
    if (saved.kind !== 'layers' || file.kind !== 'layers') throw new Error('One has no layers');
    expect(saved.network).toEqual(file.network);
    expect(saved.weightsHash).toBe(file.weightsHash);
    expect([...saved.weights.keys()].filter((key) => key.includes('norm/gamma'))).toHaveLength(2);
  });

  it.each(['mobile', 'own', 'exported', 'subclassed', 'harmless'])(
    '%s is a frozen graph whose functions are looked through, and gives TensorFlow’s features',
    async (name) => {
      const graph = must(await graphOf(name));
      expect(graph.program.format).toBe('SavedModel');
      const { preprocess } = wanted[name] ?? { preprocess: 'none' };
      const prefix = must(await openGraphPrefix(graph, preprocess));
      const known = name === 'exported' ? wanted['own'] : wanted[name];
      if (known === undefined) await prefix.dispose();
      else await expectFeatures(prefix, known);
      if (known !== undefined && name !== 'subclassed') expect(graph.parameters).toBe(known.parameters);
    },
  );

  it('says why a model of Python classes stays frozen, and knows a zip of it', async () => {
    const imported = must(await importNetwork(path.join(folder, 'subclassed')));
    if (imported.kind !== 'graph') throw new Error('It has layers');
    expect(imported.notices[0]).toContain('is of the Python class Subclassed');
    const names = ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'];
    const entries = await Promise.all(
      names.map(async (name) => ({
        name: `exported/${name}`,
        data: await readFile(path.join(folder, 'exported', name)),
      })),
    );
    const zip = path.join(folder, 'exported.zip');
    await writeFile(zip, storedZip(entries));
    const zipped = must(await importNetwork(zip));
    const open = must(await graphOf('exported'));
    expect(zipped.weightsHash).toBe(open.weightsHash);
    const copy = await mkdtemp(path.join(tmpdir(), 'thaw-copy-'));
    if (zipped.kind !== 'graph') throw new Error('It has layers');
    for (const name of zipped.files.names) await zipped.files.from.copy(name, copy);
    expect(must(await importNetwork(path.join(copy, 'saved_model.pb'))).weightsHash).toBe(open.weightsHash);
  });

  it.each([
    ['evil-write', 'holds the operation WriteFile, which writes files'],
    ['evil-read', 'holds the operation ReadFile, which reads files'],
    ['evil-python', 'holds the operation EagerPyFunc, which runs Python code'],
  ])('%s is refused without being run', async (name, message) => {
    const answer = await importNetwork(path.join(folder, name));
    expect(answer).toMatchObject({ ok: false, error: { code: 'input-refused' } });
    if (!answer.ok) expect(answer.error.message).toContain(message);
    expect(await readdir(folder)).not.toContain('written');
  });

  it('trains thawed layers to the numbers the .h5 gives, and a head on a graph that is kept with the run', async () => {
    const dataset = await makeColourDataset(6);
    const place = await mkdtemp(path.join(tmpdir(), 'thaw-saved-runs-'));
    const base = { ...defaultTrainSettings, dataset, epochs: 1, earlyStop: 0 };
    const train = async (name: string, more: Partial<TrainSettings>) => {
      const settings = { ...base, backbone: path.join(folder, name), ...more };
      return must(await operations.train(settings, path.join(place, name), quietContext()));
    };
    const thawed = { freeze: 'none', learningRate: 1e-3 } as const;
    const [saved, file] = [await train('own', thawed), await train('own.h5', thawed)];
    expect(saved.parameters).toEqual(file.parameters);
    expect(saved.epochs.map(({ loss, valLoss }) => [loss, valLoss])).toEqual(
      file.epochs.map(({ loss, valLoss }) => [loss, valLoss]),
    );
    const own = path.join(folder, 'subclassed');
    await cp(own, path.join(folder, 'lent'), { recursive: true });
    const run = path.join(place, 'lent');
    await train('lent', { preprocess: 'unit', epochs: 3 });
    await rm(path.join(folder, 'lent'), { recursive: true });
    expect(must(await operations.evaluate(run, dataset, quietContext())).images).toBe(18);
    const image = path.join(dataset, 'red', 'red-1.jpg');
    expect(must(await operations.predict(run, [image], quietContext()))).toHaveLength(1);
    const out = path.join(place, 'never');
    const options = { weights: 'float32', batch: 'dynamic' } as const;
    const refused = await operations.export(
      { run, format: 'savedmodel', options, out, force: false },
      quietContext(),
    );
    expect(!refused.ok && refused.error.message).toContain('is a SavedModel without Keras layers');
    const unfrozen = await operations.train({ ...base, ...thawed, backbone: own }, out, quietContext());
    expect(!unfrozen.ok && unfrozen.error.message).toContain(
      'is a SavedModel: none of its layers can be thawed',
    );
    expect(await readdir(place)).not.toContain('never');
  });

  it('is answered when a file of it is missing, cut short or damaged', { timeout: 120_000 }, async () => {
    const flips = createRandom(6, 'flips');
    const files = [
      'saved_model.pb',
      'keras_metadata.pb',
      'variables/variables.index',
      'variables/variables.data-00000-of-00001',
    ];
    let refused = 0;
    for (const [number, name] of files.entries()) {
      const bytes = await readFile(path.join(folder, 'own', name));
      for (let variant = 0; variant < 8; variant += 1) {
        const place = path.join(folder, `damaged-${number}-${variant}`);
        await cp(path.join(folder, 'own'), place, { recursive: true });
        const file = path.join(place, name);
        if (variant === 0) await rm(file);
        else if (variant < 4)
          await writeFile(file, bytes.subarray(0, Math.floor((bytes.length * variant) / 5)));
        else {
          const copy = Buffer.from(bytes);
          for (let flip = 0; flip < 12; flip += 1)
            copy[Math.floor(flips.uniform(0, copy.length))] = flips.uniform(0, 256);
          await writeFile(file, copy);
        }
        const answers = [await importNetwork(place), await importSavedModelGraph(folderFiles(place), place)];
        for (const answer of answers) {
          if (answer.ok) continue;
          refused += 1;
          expect(answer.error.message).toContain(path.basename(place));
          expect(answer.error.code).toMatch(
            /^(input-(corrupt|missing|refused|unsupported)|engine-unsupported)$/,
          );
        }
        await rm(place, { recursive: true });
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
