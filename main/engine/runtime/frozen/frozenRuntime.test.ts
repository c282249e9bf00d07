import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadTensorFlow } from '../tensorflow.ts';
import { must } from '../../testing/must.ts';
import { askedFrozenRuntime, frozenRuntimeFor, tensorFlowForFrozen } from './frozenRuntime.ts';
import { frozenStep } from './frozenStep.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const asks = (word: string | undefined): void => {
  vi.stubEnv('THAW_FROZEN', word);
};
const gpu = { kind: 'native', onGpu: true } as const;
const processor = { kind: 'native', onGpu: false } as const;
const portable = { kind: 'portable', onGpu: false } as const;

describe('the runtime of the frozen layers', () => {
  it('is asked for by name, and another name is refused', () => {
    for (const unset of [undefined, '']) {
      asks(unset);
      expect(must(askedFrozenRuntime())).toBeNull();
    }
    for (const name of ['onnxruntime', 'tensorflow']) {
      asks(name);
      expect(must(askedFrozenRuntime())).toBe(name);
    }
    asks('cuda');
    expect(askedFrozenRuntime()).toMatchObject({
      ok: false,
      error: { code: 'usage', expected: 'onnxruntime or tensorflow', found: 'cuda' },
    });
  });

  it('is TensorFlow on a GPU, unless a few images are all there is, and ONNX Runtime elsewhere', () => {
    expect(frozenRuntimeFor(null, gpu)).toBe('tensorflow');
    expect(frozenRuntimeFor(null, gpu, true)).toBe('onnxruntime');
    expect(frozenRuntimeFor(null, processor)).toBe('onnxruntime');
    expect(frozenRuntimeFor(null, portable)).toBe('onnxruntime');
  });

  it('is the one that is asked for, where it can be had', () => {
    expect(frozenRuntimeFor('onnxruntime', gpu)).toBe('onnxruntime');
    for (const few of [true, false]) {
      expect(frozenRuntimeFor('tensorflow', processor, few)).toBe('tensorflow');
      expect(frozenRuntimeFor('tensorflow', gpu, few)).toBe('tensorflow');
    }
    expect(frozenRuntimeFor('tensorflow', portable)).toBe('onnxruntime');
  });

  it('is loaded when it is asked for', async () => {
    const runtime = must(await loadTensorFlow());
    if (runtime.kind !== 'native') throw new Error('This test needs the native runtime');
    const notices: string[] = [];
    const tell = (message: string): unknown => notices.push(message);
    expect(await tensorFlowForFrozen('tensorflow', true, tell)).toBe(runtime);
    expect(await tensorFlowForFrozen('onnxruntime', false, tell)).toBeNull();
    expect(await tensorFlowForFrozen(null, true, tell)).toBeNull();
    expect(notices).toEqual([]);
  });

  it('is told by doctor', async () => {
    const runtime = must(await loadTensorFlow());
    asks(undefined);
    expect(frozenStep({ ...runtime, ...processor })).toMatchObject({
      name: 'frozen layers',
      status: 'ok',
      detail: 'ONNX Runtime on the processor',
    });
    expect(frozenStep({ ...runtime, ...gpu, device: 'NVIDIA T4' }).detail).toBe(
      'TensorFlow on NVIDIA T4, as one graph',
    );
    asks('tensorflow');
    expect(frozenStep({ ...runtime, ...processor }).detail).toBe(
      'TensorFlow on the processor, as one graph, as THAW_FROZEN asks',
    );
    expect(frozenStep({ ...runtime, ...portable })).toMatchObject({ status: 'missing' });
    expect(frozenStep(null)).toMatchObject({ status: 'missing' });
    asks('cuda');
    expect(frozenStep(runtime)).toMatchObject({ status: 'failed' });
    expect(frozenStep(runtime).detail).toContain('cuda');
  });
});
