import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../operations/index.ts';
import { quietContext } from '../../../jobs/context.ts';
import { sharedData } from '../../../testing/judge.ts';
import { importNetwork } from '../../importNetwork.ts';

const shared = sharedData();
const folder = path.join(shared ?? '', 'weights', 'teachablemachine_image_v2_0.35');
const zip = path.join(folder, 'image-model.zip');

describe('a model that Teachable Machine exported as a zip', { skip: shared === null }, () => {
  it('is the model in the folder, and knows its classes', async () => {
    const [packed, plain] = [await importNetwork(zip), await importNetwork(folder)];
    if (!packed.ok || !plain.ok || packed.value.kind !== 'layers' || plain.value.kind !== 'layers')
      throw new Error('not read');
    expect(packed.value.weightsHash).toBe(plain.value.weightsHash);
    expect(packed.value.preprocess).toBe('tf');
    expect(packed.value.classes).toEqual(['Class 1', 'Class 2']);
  });

  it('answers as it did where it was trained', async () => {
    for (const label of ['Class 1', 'Class 2']) {
      const samples = path.join(shared!, 'weights', 'teachablemachine_image_v2_0.35_samples', label);
      const [first] = await readdir(samples);
      const answer = await operations.predict(zip, [path.join(samples, first!)], quietContext());
      if (!answer.ok) throw new Error(answer.error.message);
      expect(answer.value[0]!.label).toBe(label);
      expect(Object.keys(answer.value[0]!.probabilities)).toEqual(['Class 1', 'Class 2']);
    }
  });

  it('that is cut short is explained', async () => {
    const place = path.join(await mkdtemp(path.join(tmpdir(), 'thaw-tm-')), 'short.zip');
    await writeFile(place, (await readFile(zip)).subarray(0, 1_000_000));
    expect(await importNetwork(place)).toMatchObject({ ok: false, error: { code: 'input-corrupt' } });
  });
});
