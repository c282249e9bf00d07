import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgePython, runJudge } from '../../testing/judge.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { buildTestWorker } from '../testWorker.ts';
import { createDecoder, type Decoder } from './decoder.ts';

let root: string;
let decoder: Decoder;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-decode-'));
  decoder = createDecoder({ entry: await buildTestWorker(), workers: 2 });
});
afterAll(async () => {
  await decoder.close();
  await rm(root, { recursive: true, force: true });
});

const squash = { width: 64, height: 48, resize: 'squash' } as const;

/** A 24-bit BMP of `width` × `height`, bottom row first, whose pixel values count up. */
function bmp24(width: number, height: number): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let i = 54; i < bytes.length; i++) bytes[i] = i % 251;
  return bytes;
}

describe('decoding', () => {
  it('crops, pads and squashes to exactly the size asked for', async () => {
    const file = path.join(root, 'wide.png');
    await sharp({ create: { width: 40, height: 10, channels: 3, background: '#ff0000' } })
      .png()
      .toFile(file);
    const decode = async (resize: 'crop' | 'pad' | 'squash') => {
      const pixels = await decoder.decodeFile(file, { width: 16, height: 16, resize });
      if (!pixels.ok) throw new Error(pixels.error.message);
      expect(pixels.value.length).toBe(16 * 16 * 3);
      return [...pixels.value.subarray(0, 3)];
    };
    expect(await decode('pad')).toEqual([0, 0, 0]);
    expect(await decode('crop')).toEqual([255, 0, 0]);
    expect(await decode('squash')).toEqual([255, 0, 0]);
  });

  it('crops and pads the middle of a turned photo', async () => {
    const file = path.join(root, 'turned.jpg');
    const left = { create: { width: 30, height: 30, channels: 3 as const, background: '#00ff00' } };
    const green = await sharp(left).png().toBuffer();
    await sharp({ create: { width: 90, height: 30, channels: 3, background: '#0000ff' } })
      .composite([{ input: green, left: 30, top: 0 }])
      .withExif({})
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation: 6 })
      .toFile(file);
    for (const size of [20, 64]) {
      const cropped = await decoder.decodeFile(file, { width: size, height: size, resize: 'crop' });
      if (!cropped.ok) throw new Error(cropped.error.message);
      for (const at of [size + 2, size * (size - 2) + 3]) {
        expect(Math.abs((cropped.value[at * 3 + 1] ?? 0) - 255)).toBeLessThan(12);
      }
      const padded = await decoder.decodeFile(file, { width: size, height: size, resize: 'pad' });
      if (!padded.ok) throw new Error(padded.error.message);
      const middle = ((size >> 1) * size + (size >> 1)) * 3;
      expect([...padded.value.subarray(0, 3)]).toEqual([0, 0, 0]);
      expect(padded.value[middle + 1]).toBeGreaterThan(240);
    }
  });

  it('fails a missing or wrong file with a code, and a cut BMP', async () => {
    const code = async (name: string, bytes?: Buffer) => {
      const file = path.join(root, name);
      if (bytes) await writeFile(file, bytes);
      const pixels = await decoder.decodeFile(file, squash);
      return pixels.ok ? 'ok' : pixels.error.code;
    };
    expect(await code('none.png')).toBe('input-missing');
    expect(await code('text.png', Buffer.from('hello'))).toBe('input-unsupported');
    expect(await code('a.bmp', bmp24(21, 13))).toBe('ok');
    expect(await code('cut.bmp', bmp24(21, 13).subarray(0, 400))).toBe('input-corrupt');
    const huge = bmp24(2, 2);
    huge.writeInt32LE(2_000_000_000, 18);
    expect(await code('huge.bmp', huge)).toBe('input-refused');
  });

  it('replaces a worker that dies and fails only the image it died of', async () => {
    const entry = path.join(root, 'crash.mjs');
    await writeFile(
      entry,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ id, path }) => {
         if (path === 'bad') process.exit(1);
         setTimeout(() => parentPort.postMessage({ id, type: 'pixels', pixels: new Uint8Array(3) }), 5);
       });`,
    );
    const fragile = createDecoder({ entry, workers: 2 });
    const source = {
      kind: 'folder' as const,
      location: '/',
      name: 'x',
      async *list() {
        /* nothing to list */
      },
      read: () => Promise.resolve({ ok: true as const, value: new Uint8Array(1) }),
      close: () => Promise.resolve(),
    };
    const images = Array.from({ length: 40 }, (_, i) => ({ path: i === 17 ? 'bad' : `p${i}` }));
    const failed: number[] = [];
    let next = 0;
    for await (const { index, pixels } of fragile.decode(source, images, squash)) {
      expect(index).toBe(next++);
      if (!pixels.ok) failed.push(index);
    }
    await fragile.close();
    expect([next, failed]).toEqual([40, [17]]);
  });
});

const data = path.resolve(packageRoot, '../shared/data/odd_images');
const python = judgePython();
const required = process.env.THAW_REQUIRE === '1';
const why = python === null ? ' (skipped: no Python judge)' : '';

describe.skipIf(python === null && !required)(`pixels agree with Pillow${why}`, () => {
  async function compare(files: string[]): Promise<Record<string, number>> {
    const args = [String(squash.width), String(squash.height)];
    for (const [i, file] of files.entries()) {
      const pixels = await decoder.decodeFile(file, squash);
      if (!pixels.ok) throw new Error(pixels.error.message);
      const raw = path.join(root, `${i}.raw`);
      await writeFile(raw, pixels.value);
      args.push(file, raw);
    }
    const { mean } = JSON.parse(await runJudge('decode_pixels.py', args)) as { mean: number[] };
    return Object.fromEntries(files.map((file, i) => [path.basename(file), mean[i] ?? NaN]));
  }

  it('for generated BMP, 16-bit, grey and transparent images', async () => {
    await writeFile(path.join(root, 'b.bmp'), bmp24(37, 29));
    const ramp = Uint16Array.from({ length: 90 * 70 }, (_, i) => (i * 65535) / (90 * 70));
    await sharp(ramp, { raw: { width: 90, height: 70, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(path.join(root, 'grey16.png'));
    await sharp({
      create: { width: 80, height: 60, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toFile(path.join(root, 'alpha.png'));
    const means = await compare(['b.bmp', 'grey16.png', 'alpha.png'].map((name) => path.join(root, name)));
    for (const [name, mean] of Object.entries(means)) expect(mean, name).toBeLessThan(1.5);
  });

  it.skipIf(!existsSync(data))(
    'for real photos in every orientation, CMYK with a profile, and alpha',
    async () => {
      const turned = Array.from({ length: 8 }, (_, i) =>
        path.join(data, `exif_orientation/Landscape_${i + 1}.jpg`),
      );
      const more = [
        'Channel_digital_image_CMYK_color.jpg',
        'with-alpha.png',
        'grey-8bit-alpha.png',
        '4.webp',
        'blackbug.png',
      ];
      const means = await compare([...turned, ...more.map((name) => path.join(data, 'sharp', name))]);
      for (const [name, mean] of Object.entries(means))
        expect(mean, name).toBeLessThan(name.includes('CMYK') ? 4 : 1.5);
    },
  );
});
