import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../runtime/packageRoot.ts';
import { extensionOf } from '../../../../../shared/domain/imageNames.ts';
import { examine, type Examination } from './examine.ts';
import { sniff } from '../formats/format.ts';
import { decodePixels, type DecodeTarget } from '../pixels/pixels.ts';

const targets: readonly DecodeTarget[] = [
  { width: 32, height: 32, resize: 'squash' },
  { width: 32, height: 32, resize: 'crop' },
  { width: 24, height: 32, resize: 'pad' },
];

/** Noise, so that a lossy file is long and a cut in it is a cut in its pixels. */
async function photo(width: number, height: number): Promise<Sharp> {
  const noise = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919) % 251);
  const png = await sharp(noise, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return sharp(png);
}

async function madeFiles(): Promise<[name: string, bytes: Buffer][]> {
  const tall = await (await photo(60, 200)).jpeg().toBuffer();
  const wide = await (await photo(200, 60)).jpeg().toBuffer();
  const gif = await (await photo(90, 90)).gif().toBuffer();
  return [
    ['tall.jpg', tall],
    ['tall-cut.jpg', tall.subarray(0, tall.length - 200)],
    ['tall-half.jpg', tall.subarray(0, tall.length >> 1)],
    ['wide.jpg', wide],
    ['wide-cut.jpg', wide.subarray(0, wide.length - 200)],
    ['turned.jpg', await (await photo(60, 200)).jpeg().withMetadata({ orientation: 6 }).toBuffer()],
    ['grey.png', await (await photo(80, 40)).greyscale().png().toBuffer()],
    ['small.webp', await (await photo(8, 8)).webp().toBuffer()],
    ['first.gif', gif],
    ['first-cut.gif', gif.subarray(0, gif.length >> 1)],
    ['named.png', wide],
    ['empty.jpg', Buffer.alloc(0)],
    ['text.jpg', Buffer.from('hello')],
  ];
}

/** What an examination says beside the perceptual hash, which a decode for pixels does not give. */
function said(examination: Examination): Examination {
  return examination.usable ? { ...examination, perceptual: null } : examination;
}

async function expectOneDecodeToDo(name: string, bytes: Uint8Array, sizes = targets): Promise<void> {
  const whole = await examine(bytes, name, { perceptual: true, pixels: null });
  for (const target of sizes) {
    const { examination, pixels } = await examine(bytes, name, { perceptual: false, pixels: target });
    expect(examination, `${name} ${target.resize}`).toEqual(said(whole.examination));
    const content = sniff(bytes, extensionOf(name));
    const alone =
      examination.usable && content.type === 'image'
        ? await decodePixels(bytes, content.format, target).catch(() => null)
        : null;
    expect(pixels === null, `${name} ${target.resize}`).toBe(alone === null);
    if (pixels !== null && alone !== null)
      expect(Buffer.compare(pixels, alone), `${name} ${target.resize}`).toBe(0);
  }
}

describe('examining an image on the way to its pixels', () => {
  it('says the same as without them, damage behind a crop included, and gives the same pixels', async () => {
    const files = await madeFiles();
    for (const [name, bytes] of files) await expectOneDecodeToDo(name, bytes);
    const kinds = await Promise.all(
      files.map(async ([name, bytes]) => {
        const { examination } = await examine(bytes, name, { perceptual: false, pixels: targets[1]! });
        return examination.usable ? 'usable' : examination.kind;
      }),
    );
    expect(kinds.filter((kind) => kind === 'truncated').length).toBe(4);
  });

  const odd = path.join(packageRoot, '../shared/data/odd_images');
  it.skipIf(!existsSync(odd))('of images in the wild as well', async () => {
    const files = readdirSync(odd, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const { parentPath, name } of files)
      await expectOneDecodeToDo(name, readFileSync(path.join(parentPath, name)), targets.slice(1, 2));
  });

  it('gives both a perceptual hash and pixels where both are wanted', async () => {
    const bytes = await (await photo(60, 200)).jpeg().toBuffer();
    const alone = await examine(bytes, 'a.jpg', { perceptual: true, pixels: null });
    const both = await examine(bytes, 'a.jpg', { perceptual: true, pixels: targets[0]! });
    expect(both.examination).toEqual(alone.examination);
    expect(both.pixels).toHaveLength(32 * 32 * 3);
  });
});
