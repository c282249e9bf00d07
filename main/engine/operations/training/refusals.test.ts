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
