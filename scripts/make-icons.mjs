/** Draws assets/icons/icon.svg as the formats systems want: PNG (Linux), ICO (Windows), ICNS (macOS). */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'assets', 'icons');
const svg = readFileSync(path.join(folder, 'icon.svg'));
const draw = (size, palette = false) =>
  sharp(svg, { density: (72 * size) / 256 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette })
    .toBuffer();

/** An ICO file of PNG images: a header of 6 bytes, 16 for each image, then the images. */
async function ico(sizes) {
  const images = await Promise.all(sizes.map((size) => draw(size)));
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  for (const [index, image] of images.entries()) {
    const at = 6 + 16 * index;
    header.writeUInt8(sizes[index] % 256, at);
    header.writeUInt8(sizes[index] % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(image.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += image.length;
  }
  return Buffer.concat([header, ...images]);
}

/** An ICNS file: `icns` and its length, then each image under its four-letter type and length. */
async function icns(types) {
  const parts = [];
  for (const [type, size] of types) {
    const image = await draw(size);
    const head = Buffer.alloc(8);
    head.write(type, 'ascii');
    head.writeUInt32BE(image.length + 8, 4);
    parts.push(head, image);
  }
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  const head = Buffer.alloc(8);
  head.write('icns', 'ascii');
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, ...parts]);
}

writeFileSync(path.join(folder, 'icon.png'), await draw(512, true));
writeFileSync(path.join(folder, 'icon.ico'), await ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(
  path.join(folder, 'icon.icns'),
  await icns([
    ['ic11', 32],
    ['ic12', 64],
    ['ic07', 128],
    ['ic13', 256],
    ['ic08', 256],
    ['ic14', 512],
    ['ic09', 512],
    ['ic10', 1024],
  ]),
);
