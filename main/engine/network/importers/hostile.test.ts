import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { File, ready } from 'h5wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { JsonValue } from '../../../../shared/domain/network.ts';
import { storedZip } from '../../export/common/storedZip.ts';
import { h5File, kerasArchive } from '../../export/keras/files.ts';
import { standardize } from '../../export/keras/standardize.ts';
import { buildNetwork } from '../structure/buildNetwork.ts';
import { importNetwork } from '../importNetwork.ts';
import { createRandom } from '../weights/random.ts';
import { randomWeights } from '../weights/randomWeights.ts';

let folder: string;
let h5: Buffer;
let keras: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-hostile-'));
  const layer = (name: string, className: string, config: Record<string, JsonValue>, input?: string) => ({
    name,
    className,
    config: { name, ...config },
    inputs: input === undefined ? [] : [input],
  });
  const network = buildNetwork(
    'small',
    [
      layer('image', 'InputLayer', { batch_input_shape: [null, 8, 8, 3], dtype: 'float32' }),
      layer('conv', 'Conv2D', { filters: 4, kernel_size: [3, 3] }, 'image'),
      layer('norm', 'BatchNormalization', {}, 'conv'),
      layer('pool', 'GlobalAveragePooling2D', {}, 'norm'),
      layer('classes', 'Dense', { units: 3, activation: 'softmax' }, 'pool'),
    ],
    'classes',
  );
  if (!network.ok) throw new Error(network.error.message);
  const weights = randomWeights(network.value, 1);
  const model = standardize(network.value, weights, 'none', 'keras');
  if (!model.ok) throw new Error(model.error.message);
  h5 = Buffer.from(await h5File(model.value));
  keras = await kerasArchive(model.value);
});

async function load(bytes: Uint8Array, name: string) {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return importNetwork(file);
}

/** Whatever the bytes, an answer comes: the model, or an error a person understands. */
async function expectAnswers(variants: readonly Buffer[], name: string): Promise<void> {
  const waiting = variants.entries();
  const lane = async (): Promise<void> => {
    for (const [index, bytes] of waiting) {
      const answer = await load(bytes, `${index}-${name}`);
      if (answer.ok) continue;
      expect([
        'input-corrupt',
        'input-unsupported',
        'input-refused',
        'engine-unsupported',
        'input-missing',
      ]).toContain(answer.error.code);
      expect(answer.error.message).toContain(name);
    }
  };
  await Promise.all([lane(), lane(), lane()]);
}

const files = () => [[h5, 'model.h5'] as const, [keras, 'model.keras'] as const];

describe('a file that is not what it should be', () => {
  it('is a model before it is damaged', async () => {
    for (const [bytes, name] of files()) expect((await load(bytes, name)).ok).toBe(true);
  });

  it('is answered when it is cut short anywhere', { timeout: 120_000 }, async () => {
    for (const [bytes, name] of files()) {
      const cuts = Array.from({ length: 16 }, (_, index) =>
        bytes.subarray(0, Math.floor((bytes.length * index) / 16)),
      );
      await expectAnswers(cuts, name);
    }
  });

  it('is answered when bytes of it are others', { timeout: 120_000 }, async () => {
    const random = createRandom(5, 'flips');
    for (const [bytes, name] of files()) {
      const flipped = Array.from({ length: 24 }, () => {
        const copy = Buffer.from(bytes);
        for (let flips = 0; flips < 8; flips += 1) {
          const at = Math.floor(random.uniform(0, copy.length));
          copy[at] = Math.floor(random.uniform(0, 256));
        }
        return copy;
      });
      await expectAnswers(flipped, name);
    }
  });

  it('is refused when it would fill the memory', async () => {
    await ready;
    const bomb = new File('/bomb.h5', 'w');
    const group = bomb.create_group('layers').create_group('conv2d').create_group('vars');
    const zeros = new Float32Array(8_000_000);
    group.create_dataset({ name: '0', data: zeros, shape: [8_000_000], chunks: [1_000_000], compression: 9 });
    bomb.close();
    const { FS } = await ready;
    const bytes = Buffer.from((FS as unknown as { readFile(name: string): Uint8Array }).readFile('/bomb.h5'));
    expect(bytes.length).toBeLessThan(100_000);
    expect(await load(bytes, 'bomb.h5')).toMatchObject({ ok: false, error: { code: 'input-refused' } });

    const zip = new ZipFile();
    zip.addBuffer(Buffer.alloc(64 * 2 ** 20, 0x20), 'config.json');
    zip.addBuffer(bytes, 'model.weights.h5');
    zip.end();
    const parts: Buffer[] = [];
    for await (const part of zip.outputStream as unknown as AsyncIterable<Buffer>) parts.push(part);
    expect(await load(Buffer.concat(parts), 'bomb.keras')).toMatchObject({
      ok: false,
      error: { code: 'input-refused' },
    });
  });
});

/** A .keras with another configuration around the same weights. */
async function withConfig(config: JsonValue, name: string, text = JSON.stringify(config)) {
  const archive = storedZip([
    { name: 'metadata.json', data: Buffer.from('{"keras_version": "3.0.0"}') },
    { name: 'config.json', data: Buffer.from(text) },
    { name: 'model.weights.h5', data: h5 },
  ]);
  return load(archive, name);
}

const input = {
  class_name: 'InputLayer',
  config: { name: 'image', batch_shape: [null, 8, 8, 3] },
  inbound_nodes: [],
};
const reads = (layer: string): JsonValue => [[[layer, 0, 0, {}]]];
const functional = (layers: JsonValue[], output: string): JsonValue => ({
  class_name: 'Functional',
  config: { name: 'm', layers, input_layers: [['image', 0, 0]], output_layers: [[output, 0, 0]] },
});

describe('a description that means harm', () => {
  it('with program code is refused, naming the layer', async () => {
    const code = {
      class_name: 'Lambda',
      name: 'evil',
      config: { name: 'evil' },
      inbound_nodes: reads('image'),
    };
    const answer = await withConfig(
      functional([input, code as unknown as JsonValue], 'evil'),
      'lambda.keras',
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'input-refused' } });
    if (!answer.ok)
      expect(answer.error.message).toBe(
        'Layer "evil" of lambda.keras is a Lambda layer: it holds program code.',
      );
  });

  it('that goes in a circle, never ends, or asks for the impossible is refused', async () => {
    const relu = (name: string, from: string): JsonValue => ({
      class_name: 'ReLU',
      name,
      config: { name },
      inbound_nodes: reads(from),
    });
    const circle = await withConfig(functional([input, relu('a', 'b'), relu('b', 'a')], 'b'), 'circle.keras');
    expect(circle).toMatchObject({ ok: false, error: { code: 'engine-unsupported' } });

    const open = '{"class_name": "Sequential", "config": {"name": "s", "layers": [';
    const deep = open.repeat(5000) + ']}}'.repeat(5000);
    expect(await withConfig(null, 'deep.keras', deep)).toMatchObject({
      ok: false,
      error: { code: 'input-refused' },
    });

    let twice = functional([input], 'image');
    for (let level = 0; level < 24; level += 1) {
      const inner = { ...(twice as Record<string, JsonValue>), name: 'inner' };
      const calls = [...(reads('image') as JsonValue[]), [['inner', 0, 0, {}]]];
      twice = functional([input, { ...inner, inbound_nodes: calls }], 'inner');
    }
    expect(await withConfig(twice, 'twice.keras')).toMatchObject({
      ok: false,
      error: { code: 'engine-unsupported' },
    });

    const huge = {
      class_name: 'Dense',
      name: 'huge',
      config: { name: 'huge', units: 2_000_000_000 },
      inbound_nodes: reads('image'),
    };
    const answer = await withConfig(functional([input, huge as unknown as JsonValue], 'huge'), 'huge.keras');
    expect(answer).toMatchObject({ ok: false, error: { code: 'input-unsupported' } });
  });

  it('with a class that is not known is answered with the layer, its class and the file', async () => {
    const own = {
      class_name: 'MyAttention',
      name: 'look',
      config: { name: 'look' },
      inbound_nodes: reads('image'),
    };
    const answer = await withConfig(functional([input, own as unknown as JsonValue], 'look'), 'own.keras');
    expect(answer.ok).toBe(false);
    if (!answer.ok)
      expect(answer.error.message).toBe(
        'Layer "look" of own.keras is of class MyAttention, which Thaw does not compute.',
      );
  });
});
