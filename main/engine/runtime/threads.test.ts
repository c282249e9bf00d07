import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { coreCount, limitTensorFlow } from './threads.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('threads', () => {
  it('are as many as the cores unless told, and nonsense is not told', () => {
    vi.stubEnv('THAW_THREADS', undefined);
    expect(coreCount()).toBe(availableParallelism());
    for (const nonsense of ['0', '-1', 'many', '1.5']) {
      vi.stubEnv('THAW_THREADS', nonsense);
      expect(coreCount()).toBe(availableParallelism());
    }
    vi.stubEnv('THAW_THREADS', '3');
    expect(coreCount()).toBe(3);
  });

  it('are told to TensorFlow, but not over the user’s own word', () => {
    vi.stubEnv('THAW_THREADS', '3');
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', '7');
    vi.stubEnv('TF_NUM_INTEROP_THREADS', undefined);
    limitTensorFlow();
    expect(process.env['TF_NUM_INTRAOP_THREADS']).toBe('7');
    expect(process.env['TF_NUM_INTEROP_THREADS']).toBe('3');
  });
});
