import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTensors, writeTensors } from '../engine/project/safetensors.ts';
import { judgeMissing, runJudge } from '../engine/testing/judge.ts';
import { writeNpy } from './npy.ts';

describe.skipIf(judgeMissing !== null)(
  `files read by their formats' own loaders ${judgeMissing ?? ''}`,
  () => {
    it('gives NumPy and safetensors the same shapes and values', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'thaw-files-'));
      const [npy, safetensors] = [path.join(folder, 'a.npy'), path.join(folder, 'a.safetensors')];
      const values = Float32Array.of(1, -2.5, 3e-20, 4, 5, 6);
      await writeNpy(npy, [2, 3], values);
      const tensors = new Map([
        ['conv/kernel', { shape: [3, 2], data: values }],
        ['conv/bias', { shape: [1], data: Float32Array.of(7) }],
      ]);
      await writeTensors(safetensors, { tensors, metadata: { epoch: '3', text: 'größer' } });
      const read = JSON.parse(await runJudge('read_files.py', [npy, safetensors])) as unknown;
      expect(read).toEqual({
        npy: { dtype: 'float32', shape: [2, 3], values: [...values] },
        metadata: { epoch: '3', text: 'größer' },
        tensors: {
          'conv/kernel': { shape: [3, 2], values: [...values] },
          'conv/bias': { shape: [1], values: [7] },
        },
      });
      const again = await readTensors(safetensors);
      expect(again.ok && again.value.tensors).toEqual(tensors);
    });
  },
);
