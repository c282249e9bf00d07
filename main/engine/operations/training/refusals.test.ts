import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { makeColourRuns } from '../../testing/colourRuns.ts';
import { operations } from '../index.ts';

const { place, settings } = await makeColourRuns(4);

describe('what cannot be trained', () => {
  const failed = async (result: Promise<Result<unknown>>) => {
    const ended = await result;
    if (ended.ok) throw new Error('It did not fail');
    return ended.error;
  };

  it('leaves a folder that is not empty, or may not be written, as it is', async () => {
    const full = path.join(place, 'full');
    await mkdir(full);
    await writeFile(path.join(full, 'mine.txt'), 'mine');
    const error = await failed(operations.train(settings(), full, quietContext()));
    expect(error).toMatchObject({ code: 'output-exists' });
    expect(await readdir(full)).toEqual(['mine.txt']);
    const file = path.join(full, 'mine.txt', 'run');
    expect(await failed(operations.train(settings(), file, quietContext()))).toMatchObject({
      code: 'output-unwritable',
    });
    if (process.getuid?.() !== 0 && process.platform !== 'win32') {
      const closed = path.join(place, 'closed');
      await mkdir(closed);
      await chmod(closed, 0o500);
      const refused = await failed(operations.train(settings(), path.join(closed, 'run'), quietContext()));
      expect(refused.code).toBe('output-unwritable');
    }
  });

  it('names a layer, a backbone and a validation class that are not there', async () => {
    const out = path.join(place, 'never');
    const layer = await failed(operations.train(settings({ thawFrom: 'block_99' }), out, quietContext()));
    expect(layer.message).toContain('block_99');
    const backbone = await failed(
      operations.train(settings({ backbone: 'nothing-like-it' }), out, quietContext()),
    );
    expect(backbone.code).toBe('input-missing');
    const other = await makeColourDataset(2, 9);
    await mkdir(path.join(other, 'violet'));
    await writeFile(
      path.join(other, 'violet', 'a.jpg'),
      await readFile(path.join(other, 'red', 'red-0.jpg')),
    );
    await rm(path.join(other, 'red', 'red-0.jpg'));
    const labels = await failed(operations.train(settings({ validation: other }), out, quietContext()));
    expect(labels).toMatchObject({ code: 'labels-differ', found: 'violet' });
    expect((await readdir(place)).includes('never')).toBe(false);
  });

  it('refuses weights that are not all numbers, and an input beyond any image', async () => {
    const model = async (folder: string, size: number, value: number) => {
      const at = path.join(place, folder);
      await mkdir(at);
      const layers = [
        {
          class_name: 'Conv2D',
          config: {
            name: 'c1',
            filters: 1,
            kernel_size: 1,
            use_bias: false,
            batch_input_shape: [null, size, size, 3],
          },
        },
        { class_name: 'GlobalAveragePooling2D', config: { name: 'pool' } },
      ];
      const modelTopology = { class_name: 'Sequential', config: { name: 'm', layers } };
      const weights = [{ name: 'c1/kernel', shape: [1, 1, 3, 1], dtype: 'float32' }];
      const weightsManifest = [{ paths: ['w.bin'], weights }];
      await writeFile(path.join(at, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      await writeFile(path.join(at, 'w.bin'), Buffer.from(Float32Array.of(1, value, 1).buffer));
      return at;
    };
    const out = path.join(place, 'refused');
    const train = (backbone: string) => failed(operations.train(settings({ backbone }), out, quietContext()));
    expect(await train(await model('nan', 16, NaN))).toMatchObject({
      code: 'input-corrupt',
      found: 'NaN in c1/kernel',
    });
    expect((await train(await model('huge', 1_000_000, 1))).message).toContain('at most 4096');
  });

  it('does not go on with data that have changed', async () => {
    const own = await makeColourDataset(4, 5);
    const out = path.join(place, 'changed');
    const abort = new AbortController();
    const emit: JobContext['emit'] = (event) => {
      if (event.type === 'epoch') abort.abort();
    };
    await operations.train(settings({ dataset: own }), out, {
      ...quietContext(),
      signal: abort.signal,
      emit,
    });
    await rm(path.join(own, 'red', 'red-1.jpg'));
    const error = await failed(operations.resume(out, quietContext()));
    expect(error.message).toContain('has changed');
  });
});
