import { expect, it } from 'vitest';
import { cacheRemedies, writeError } from './fileErrors.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

it('tells what is kept for later from what was asked for', () => {
  expect(writeError(failure('ENOSPC'), '/runs/a')).toMatchObject({
    code: 'disk-full',
    remedy: expect.stringContaining('thaw resume') as string,
  });
  expect(writeError(failure('ENOSPC'), '/cache/features', cacheRemedies)).toMatchObject({
    code: 'disk-full',
    remedy: expect.stringContaining('THAW_CACHE') as string,
  });
});

it('takes a place that is gone, as a read-only file system says it is, for one that cannot be written', () => {
  expect(writeError(failure('ENOENT'), '/runs/a')).toMatchObject({
    code: 'output-unwritable',
    remedy: expect.stringContaining('--out') as string,
  });
});
