import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { cacheFolder } from '../cacheFolder.ts';
import { builtEntry } from '../packageRoot.ts';

it('leaves nothing of ONNX Runtime’s in the user’s folders', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-telemetry-'));
  try {
    const [home, temporary] = [path.join(place, 'home'), path.join(place, 'temporary')];
    await Promise.all([mkdir(home), mkdir(temporary)]);
    const image = path.join(place, 'image.png');
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).toFile(image);
    // Without what would tell ONNX Runtime that this is a test: it keeps still then by itself.
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: temporary,
      THAW_CACHE: cacheFolder(),
    };
    const command = [builtEntry('cli'), 'features', 'thaw-mobilenet-v2-035-128', image, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, command, { env, maxBuffer: 2 ** 24 });
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect([await readdir(home), await readdir(temporary)]).toEqual([[], []]);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
