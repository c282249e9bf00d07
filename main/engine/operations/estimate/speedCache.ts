import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Speed } from '../../../../shared/domain/cost/speed.ts';
import { speedSchema } from '../../../../shared/ipc/estimate.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';

/** What a measured speed holds for. */
export interface SpeedKey {
  readonly weightsHash: string;
  /** Side of the input in pixels. */
  readonly imageSize: number;
  readonly runtime: string;
  readonly device: string;
}

/** The speed measured before, or none. What cannot be read is measured again. */
export async function readSpeed(key: SpeedKey): Promise<Speed> {
  const text = await readFile(placeOf(key), 'utf8').catch(() => 'null');
  const parsed = speedSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : { prefix: [], step: [] };
}

/** Keeps a speed; an estimate is worth no failure, so a full disk only means that it is measured again. */
export async function writeSpeed(key: SpeedKey, speed: Speed): Promise<void> {
  const place = placeOf(key);
  try {
    await mkdir(path.dirname(place), { recursive: true });
    await writeFileAtomic(place, JSON.stringify(speed));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
  }
}

function placeOf(key: SpeedKey): string {
  const name = createHash('sha256')
    .update(JSON.stringify(Object.entries(key)))
    .digest('hex')
    .slice(0, 32);
  return path.join(cacheFolder(), 'speeds', `${name}.json`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
