import path from 'node:path';
import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDecoder } from '../../dataset/index.ts';
import type { Tf } from '../../runtime/tf.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import type { Images, KerasFormat } from '../../testing/applications.ts';
import {
  featuresByOnnx,
  featuresByTensorFlow,
  openWithHead,
  relativeDifference,
  withKerasFiles,
} from '../../testing/applications.ts';
import { judgeMissing, sharedData } from '../../testing/judge.ts';
import { findArchitecture, openArchitecture } from './index.ts';
import type { Architecture } from './index.ts';

const imageSize = 64;
let tf: Tf;
let images: Images;

beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
  const folder = path.join(packageRoot, 'assets', 'sample', 'dog');
  const decoder = createDecoder();
  const pixels: Uint8Array[] = [];
  for (const name of (await readdir(folder)).sort().slice(0, 2)) {
    const decoded = await decoder.decodeFile(path.join(folder, name), {
      width: imageSize,
      height: imageSize,
      resize: 'squash',
    });
    if (!decoded.ok) throw new Error(decoded.error.message);
    pixels.push(decoded.value);
  }
  await decoder.close();
  images = { imageSize, count: pixels.length, pixels: Buffer.concat(pixels) };
});

function named(name: string): Architecture {
  const found = findArchitecture(name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

describe.skipIf(judgeMissing !== null)(`features beside Keras’s ${judgeMissing ?? ''}`, () => {
  // All architectures are compared by bench/parity; these are the small ones, and the ones that need more than layers.
  const compared: [string, KerasFormat[], boolean][] = [
    ['mobilenet-v3-small-0.75', ['model.h5', 'model.weights.h5', 'model.keras'], false],
    // With the rescaling that Keras adds for its ImageNet weights.
    ['efficientnet-b0', ['model.h5'], true],
    ['nasnet-mobile', ['model.weights.h5'], false],
    ['densenet121', ['model.h5'], false],
    // Models inside the model.
    ['convnext-tiny', ['model.keras'], false],
  ];

  it.each(compared)('%s from %j', async (name, formats, imagenet) => {
    const architecture = named(name);
    await withKerasFiles(
      architecture,
      images,
      formats,
      async ({ features, parameters }, fileOf) => {
        for (const format of formats) {
          const opened = await openWithHead(architecture, fileOf(format), imageSize);
          expect(opened.parameters).toBe(parameters);
          const actual = await featuresByOnnx(opened, architecture, images);
          expect(relativeDifference(actual, features.flat())).toBeLessThan(1e-4);
          if (architecture.preprocess !== 'none') continue;
          const scaled = Float32Array.from(images.pixels);
          const again = featuresByTensorFlow(tf, opened, scaled, images);
          expect(relativeDifference(again, features.flat())).toBeLessThan(1e-4);
        }
      },
      imagenet,
    );
  });
});

describe('weights for an architecture', () => {
  const shared = sharedData();

  it.skipIf(shared === null)('of SqueezeNet, as published for Keras (needs ../shared/data)', async () => {
    const file =
      'weights/squeezenet1.1_notop_keras_h5/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5';
    const opened = await openArchitecture(named('squeezenet1.1'), {
      weights: path.join(shared ?? '', file),
      imageSize: null,
    });
    if (!opened.ok) throw new Error(opened.error.message);
    const { network, weights } = opened.value;
    expect(network.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(722_496);
    expect(weights.get('fire9/expand3x3/kernel')?.shape).toEqual([3, 3, 64, 256]);
    const refused = await openArchitecture(named('resnet50'), {
      weights: path.join(shared ?? '', file),
      imageSize: null,
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'input-unsupported' } });
    expect(!refused.ok && refused.error.remedy).toContain('resnet50');
  });
});
