import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Preprocess } from '../../../../../shared/domain/network.ts';
import { describeError } from '../../../../../shared/errors.ts';
import type { ImportedGraph } from '../../../network/index.ts';
import { createRandom, graphOfSize, importNetwork } from '../../../network/index.ts';
import { judgeMissing, runJudge } from '../../../testing/judge.ts';
import { openGraphPrefix } from './openGraphPrefix.ts';

const size = 32;
const count = 3;
const random = createRandom(7, 'pixels');
const pixels = Uint8Array.from({ length: count * size * size * 3 }, () => random.uniform(0, 256));

type Wanted = Record<string, { preprocess: Preprocess; features: number[][] }>;
let folder: string;
let wanted: Wanted;

beforeAll(async () => {
  if (judgeMissing !== null) return;
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-onnx-'));
  const file = path.join(folder, 'pixels.bin');
  await writeFile(file, pixels);
  const printed = await runJudge('onnx_backbones.py', [folder, file, String(count)]);
  wanted = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Wanted;
}, 120_000);

async function graphAt(location: string): Promise<ImportedGraph> {
  const imported = await importNetwork(location);
  if (!imported.ok) throw new Error(describeError(imported.error));
  if (imported.value.kind !== 'graph') throw new Error('It has layers');
  const sized = graphOfSize(imported.value, size);
  if (!sized.ok) throw new Error(describeError(sized.error));
  return sized.value;
}

async function featuresOf(graph: ImportedGraph, preprocess: Preprocess): Promise<number[][]> {
  const prefix = await openGraphPrefix(graph, preprocess, { threads: 1 });
  if (!prefix.ok) throw new Error(describeError(prefix.error));
  const { valuesPerImage } = prefix.value;
  const values = await prefix.value.run(pixels.slice(), count);
  await prefix.value.dispose();
  return Array.from({ length: count }, (_, row) => [
    ...values.subarray(row * valuesPerImage, (row + 1) * valuesPerImage),
  ]);
}

describe.skipIf(judgeMissing !== null)(
  `an ONNX model as a frozen backbone (${judgeMissing ?? 'judged'})`,
  () => {
    it.each([
      ['pytorch', 'what the classifier reads, pooled'],
      ['old', 'the same in an old operator set'],
      ['headless', 'an image without a classifier, averaged here'],
      ['flattened', 'an image that was flattened for the classifier, averaged instead'],
      ['squeezenet', 'what a classifying convolution before the pooling reads'],
      ['half', 'a float16 model'],
      ['bytes', 'a model of whole numbers with channels last'],
      ['inside', 'channels last with the scaling inside'],
      ['beside/outside', 'weights in a file of their own'],
    ])('%s gives the features ONNX Runtime gives in Python: %s', async (name) => {
      const answer = wanted[path.basename(name)]!;
      const graph = await graphAt(path.join(folder, `${name}.onnx`));
      const features = await featuresOf(graph, answer.preprocess);
      const tolerance = name === 'half' ? 5e-3 : 1e-4;
      for (const [row, expected] of answer.features.entries()) {
        expect(features[row]).toHaveLength(expected.length);
        const scale = Math.max(...expected.map(Math.abs));
        expect(scale).toBeGreaterThan(0.01);
        for (const [at, value] of expected.entries())
          expect(Math.abs((features[row]?.[at] ?? Number.NaN) - value)).toBeLessThan(tolerance * scale);
      }
    });

    it('knows its scaling where the model tells, and otherwise what is usual', async () => {
      const told = async (name: string) => {
        const { preprocess, usualPreprocess } = await graphAt(path.join(folder, `${name}.onnx`));
        return [preprocess, usualPreprocess];
      };
      expect(await told('bytes')).toEqual(['none', 'tf']);
      expect(await told('inside')).toEqual(['none', 'tf']);
      expect(await told('pytorch')).toEqual([null, 'torch']);
      expect(await told('old')).toEqual([null, 'tf']);
    });

    it('takes a folder with one model in it, and keeps the files it is made of', async () => {
      const graph = await graphAt(path.join(folder, 'beside'));
      expect(graph.files.names).toEqual(['outside.onnx', 'outside.data']);
      expect(graph.parameters).toBe(8 * 27 + 8 + 12 * 72 + 5 * 12 + 5);
    });

    it.each([
      ['custom', 'input-refused', 'needs operations of "my.ops", which are program code'],
      ['endless', 'input-refused', 'holds the operation Loop, which may never end'],
      ['escaping', 'input-refused', 'keeps weights outside its own folder'],
      ['absolute', 'input-refused', 'keeps weights outside its own folder'],
      ['missing', 'input-missing', 'keeps its weights in not-there.data, which is not beside it'],
      ['training', 'engine-unsupported', 'was exported for training'],
      ['eight', 'engine-unsupported', 'takes exactly 8 images at a time'],
      ['grey', 'engine-unsupported', 'its input is not an RGB image'],
      ['sound', 'engine-unsupported', 'its input is not an image'],
      ['two', 'engine-unsupported', 'it has 2 inputs'],
      ['ancient', 'engine-unsupported', 'too old to be run'],
    ])('%s is refused (%s): %s', async (name, code, message) => {
      const answer = await importNetwork(path.join(folder, `${name}.onnx`));
      expect(answer.ok ? 'imported' : answer.error.code).toBe(code);
      if (!answer.ok) expect(answer.error.message).toContain(message);
    });

    it('answers bytes that are cut short or others', async () => {
      const whole = await readFile(path.join(folder, 'pytorch.onnx'));
      const flips = createRandom(5, 'flips');
      const variants = Array.from({ length: 40 }, (_, index) => {
        if (index < 16) return whole.subarray(0, Math.floor((whole.length * index) / 16));
        const copy = Buffer.from(whole);
        for (let flip = 0; flip < 8; flip += 1)
          copy[Math.floor(flips.uniform(0, 400))] = flips.uniform(0, 256);
        return copy;
      });
      for (const [index, bytes] of variants.entries()) {
        const file = path.join(folder, `damaged-${index}.onnx`);
        await writeFile(file, bytes);
        const answer = await importNetwork(file);
        const opened =
          answer.ok && answer.value.kind === 'graph'
            ? await openGraphPrefix(answer.value, answer.value.preprocess ?? 'tf')
            : answer;
        if (opened.ok) {
          if ('dispose' in opened.value) await opened.value.dispose();
          continue;
        }
        expect(opened.error.message).toContain(`damaged-${index}.onnx`);
        expect(opened.error.code).toMatch(/^(input-|engine-unsupported)/);
      }
    });

    it('says what does not run, and which values and sizes there are', async () => {
      const broken = await openGraphPrefix(await graphAt(path.join(folder, 'wrong.onnx')), 'tf');
      expect(broken).toMatchObject({ ok: false, error: { code: 'engine-unsupported' } });
      if (!broken.ok) expect(describeError(broken.error)).toContain('wrong.onnx');
      const graph = await graphAt(path.join(folder, 'old.onnx'));
      expect(await openGraphPrefix(graph, 'tf', { output: 'nowhere' })).toMatchObject({
        ok: false,
        error: { code: 'usage' },
      });
      expect(graphOfSize(graph, 64)).toMatchObject({ ok: false, error: { code: 'usage' } });
      const bytes = await openGraphPrefix(await graphAt(path.join(folder, 'bytes.onnx')), 'tf');
      expect(!bytes.ok && bytes.error.message).toContain('takes pixels as they are');
    });
  },
);
