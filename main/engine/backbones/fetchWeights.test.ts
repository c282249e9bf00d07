import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveBackbone } from '../network/index.ts';
import { judgeMissing, sharedData } from '../testing/judge.ts';
import { writeKerasFiles } from '../testing/kerasFiles.ts';
import { listCatalogue } from './catalogue.ts';
import { addWeights, fetchWeights } from './fetchWeights.ts';
import { storeFolder } from './store.ts';

const shared = sharedData();
let server: Server;
let host: string;
let served: Buffer;
let asked: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-length': served.length }).end(served);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  vi.stubEnv('THAW_CACHE', await mkdtemp(path.join(tmpdir(), 'thaw-store-')));
  asked = [];
});

const options = () => ({ host, onProgress: () => undefined, signal: new AbortController().signal });

async function stateOf(name: string) {
  const all = await listCatalogue();
  if (!all.ok) throw new Error(all.error.message);
  return all.value.find((entry) => entry.name === name)!;
}

describe('weights of the catalogue', () => {
  it(
    'are fetched when asked for, checked by loading them, and then used by name',
    { skip: judgeMissing !== null, timeout: 120_000 },
    async () => {
      const keras = await writeKerasFiles(['mobilenet'], 'judges');
      served = await readFile(keras('mobilenet').file('weights.h5'));
      expect(await resolveBackbone('mobilenet-0.25')).toMatchObject({
        ok: false,
        error: {
          code: 'input-missing',
          remedy: expect.stringContaining('thaw backbones get mobilenet-0.25'),
        },
      });
      expect(await stateOf('mobilenet-0.25')).toMatchObject({
        weights: 'fetch',
        available: false,
        file: null,
      });
      expect(asked).toEqual([]);
      const fetched = await fetchWeights('MobileNet_0.25', options());
      expect(fetched.ok).toBe(true);
      expect(asked).toEqual(['/tensorflow/keras-applications/mobilenet/mobilenet_2_5_224_tf_no_top.h5']);
      expect(await stateOf('mobilenet-0.25')).toMatchObject({
        weights: 'here',
        available: true,
        bytes: served.length,
      });
      const backbone = await resolveBackbone('mobilenet-0.25');
      if (!backbone.ok || backbone.value.kind !== 'layers') throw new Error('not loaded');
      const [first] = keras('mobilenet').model.weights['conv1']!;
      expect([...backbone.value.weights.get('conv1/kernel')!.data]).toEqual(first!.data);
      await fetchWeights('mobilenet-0.25', options());
      expect(asked).toHaveLength(1);
    },
  );

  it('are not kept when they do not load, or have the wrong checksum', async () => {
    served = Buffer.from('<html>please log in</html>');
    expect(await fetchWeights('mobilenet-0.25', options())).toMatchObject({
      ok: false,
      error: { code: 'input-corrupt' },
    });
    expect(await fetchWeights('resnet50', options())).toMatchObject({
      ok: false,
      error: { code: 'input-corrupt', expected: expect.stringContaining('md5') },
    });
    expect(await readdir(storeFolder())).toEqual([]);
  });

  it('of an unknown name are answered with the nearest', async () => {
    expect(await fetchWeights('resnet51', options())).toMatchObject({
      ok: false,
      error: { code: 'usage', remedy: 'Did you mean "resnet50"?' },
    });
  });

  it(
    'are taken from a file the user has, when it is told or known what they are',
    { skip: shared === null },
    async () => {
      const folder = 'weights/squeezenet1.1_notop_keras_h5';
      const file = path.join(shared!, folder, 'squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5');
      expect(await addWeights(file, null)).toMatchObject({
        ok: false,
        error: { code: 'usage', remedy: expect.stringContaining('--as NAME') },
      });
      expect(await addWeights(file, 'vgg16')).toMatchObject({
        ok: false,
        error: { code: 'input-unsupported' },
      });
      expect(await readdir(storeFolder()).catch(() => [])).toEqual([]);
      expect((await addWeights(file, 'squeezenet')).ok).toBe(true);
      expect(await stateOf('squeezenet-1.1')).toMatchObject({ weights: 'here', bytes: 3_002_560 });
      const backbone = await resolveBackbone('squeezenet-1.1');
      expect(backbone.ok && backbone.value.preprocess).toBe('caffe');
    },
  );
});
