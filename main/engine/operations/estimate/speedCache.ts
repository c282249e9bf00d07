import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Speed } from '../../../../shared/domain/cost/speed.ts';
import type { FreezePlan } from '../../../../shared/domain/freezePlan.ts';
import { speedSchema } from '../../../../shared/ipc/model/estimate.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';

/** Raised when measuring changes: what was measured otherwise is measured again. */
const method = 2;

/** What a measured speed holds for. */
export interface SpeedKey {
  readonly weightsHash: string;
  /** Side of the input in pixels. */
  readonly imageSize: number;
  readonly runtime: string;
  readonly device: string;
  /** What computes the frozen layers. */
  readonly frozen: string;
  /** A step whose thawed batch normalisation takes the batch's statistics costs up to twice as much. */
  readonly batchNorm: FreezePlan['batchNorm'];
}

/** What a decoding speed holds for. */
export interface DecodeKey {
  readonly fingerprint: string;
  readonly width: number;
  readonly height: number;
  readonly resize: string;
  readonly augment: string;
  readonly cores: number;
}

/** The speed measured before, or none. What cannot be read is measured again. */
export async function readSpeed(key: SpeedKey): Promise<Speed> {
  return (await read(key, speedSchema)) ?? { prefix: [], step: [] };
}

export function writeSpeed(key: SpeedKey, speed: Speed): Promise<void> {
  return write(key, speed);
}

/** Seconds to decode an image, as measured before; null for never. */
export function readDecode(key: DecodeKey): Promise<number | null> {
  return read(key, z.number().min(0));
}

export function writeDecode(key: DecodeKey, seconds: number): Promise<void> {
  return write(key, seconds);
}

async function read<T>(key: SpeedKey | DecodeKey, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(placeOf(key), 'utf8').catch(() => 'null');
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** Keeps a speed; an estimate is worth no failure, so a full disk only means that it is measured again. */
async function write(key: SpeedKey | DecodeKey, speed: Speed | number): Promise<void> {
  const place = placeOf(key);
  try {
    await mkdir(path.dirname(place), { recursive: true });
    await writeFileAtomic(place, JSON.stringify(speed));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
  }
}

function placeOf(key: SpeedKey | DecodeKey): string {
  const name = createHash('sha256')
    .update(JSON.stringify([method, ...Object.entries(key)]))
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
