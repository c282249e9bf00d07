import { beforeAll, expect, it, vi } from 'vitest';
import { cases } from '../../../network/layers/cases/layerCases.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import { must } from '../../../testing/must.ts';
import { sizeOf } from '../../../network/index.ts';
import { openPrefix } from '../prefix.ts';

beforeAll(async () => {
  vi.stubEnv('THAW_RUNTIME', 'portable');
  expect(must(await loadTensorFlow()).kind).toBe('portable');
});

it('ONNX Runtime stands in for a TensorFlow that is asked for and not native, and says so', async () => {
  vi.stubEnv('THAW_FROZEN', 'tensorflow');
  const { network, weights } = cases[0]!;
  const notices: string[] = [];
  const prefix = must(
    await openPrefix(network, weights, {
      frontier: [network.output],
      preprocess: 'tf',
      onNotice: (message) => notices.push(message),
    }),
  );
  expect(prefix.provider).toBe('onnxruntime cpu');
  const values = await prefix.run(new Uint8Array(2 * sizeOf(network.inputShape)), 2);
  expect(values).toHaveLength(2 * prefix.valuesPerImage);
  await prefix.dispose();
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/ONNX Runtime.*THAW_RUNTIME/);
});
