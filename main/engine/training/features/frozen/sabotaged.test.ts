import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createRandom, sizeOf } from '../../../network/index.ts';
import { cases } from '../../../network/layers/cases/layerCases.ts';
import type { NativeBackend } from '../../../runtime/addon/binding.ts';
import { isNative } from '../../../runtime/addon/binding.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { must } from '../../../testing/must.ts';
import { openPrefix } from '../prefix.ts';

let tf: Tf;
let backend: NativeBackend;
const { network, weights } = cases.find(({ title }) => title === 'a ConvNeXt block')!;
const random = createRandom(5, 'pixels');
const count = 24;
const pixels = Uint8Array.from({ length: count * sizeOf(network.inputShape) }, () =>
  Math.floor(random.uniform(0, 256)),
);

beforeAll(async () => {
  const runtime = must(await loadTensorFlow());
  tf = runtime.tf;
  const own = tf.backend();
  if (!isNative(own)) throw new Error('These tests need the native runtime');
  backend = own;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Lets the session fail on batches larger than so many, in TensorFlow's words. */
function failAbove(images: number, message: string): void {
  const run = backend.runSavedModel.bind(backend);
  vi.spyOn(backend, 'runSavedModel').mockImplementation((session, inputs, infos, outputs) => {
    const isImage = inputs.length === 1 && inputs[0]!.shape.slice(1).join() === network.inputShape.join();
    if (isImage && inputs[0]!.shape[0]! > images) throw new Error(message);
    return run(session, inputs, infos, outputs);
  });
}

async function computed(runtime: 'tensorflow' | 'onnxruntime') {
  const [tensors, sessions] = [tf.memory().numTensors, tf.node.getNumOfSavedModels()];
  const notices: string[] = [];
  const options = { frontier: [network.output], preprocess: 'tf', runtime } as const;
  const onNotice = (message: string): unknown => notices.push(message);
  const prefix = must(await openPrefix(network, weights, { ...options, onNotice }));
  const values = await prefix.run(pixels.slice(), count);
  const { provider } = prefix;
  await prefix.dispose();
  expect([tf.memory().numTensors, tf.node.getNumOfSavedModels()]).toEqual([tensors, sessions]);
  return { values, provider, notices };
}

it('a session short of memory gives the same features in smaller batches', async () => {
  const whole = await computed('tensorflow');
  failAbove(4, 'OOM when allocating tensor with shape[16,6,7,3]');
  const halved = await computed('tensorflow');
  expect(halved.provider).toBe('tensorflow cpu');
  expect(halved.notices.map((notice) => /\d+/.exec(notice)?.[0])).toEqual(['8', '4']);
  for (const [at, value] of halved.values.entries()) expect(value).toBeCloseTo(whole.values[at]!, 5);
});

it('a session that fails leaves its work to ONNX Runtime, and nothing behind', async () => {
  const onnx = await computed('onnxruntime');
  for (const [images, message] of [
    [8, 'CUDNN_STATUS_INTERNAL_ERROR'],
    [0, 'OOM when allocating tensor with shape[1,6,7,3]'],
  ] as const) {
    failAbove(images, message);
    const fallen = await computed('tensorflow');
    expect(fallen.provider).toBe('onnxruntime cpu');
    expect(fallen.notices.at(-1)).toContain(message);
    expect(fallen.values).toEqual(onnx.values);
    vi.restoreAllMocks();
  }
});
