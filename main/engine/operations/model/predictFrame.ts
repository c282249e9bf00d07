import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Prediction } from '../../../../shared/domain/metrics.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { Decoder } from '../../dataset/index.ts';
import { createDecoder } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import { findModel } from '../../project/modelFolder.ts';
import { predictionOf } from './predict.ts';
import type { Predictor } from './predictor.ts';
import { openPredictor } from './predictor.ts';

/** How long a model stays open after the last image it was asked about. */
const idleMs = 60_000;

interface OpenModel {
  readonly key: string;
  readonly predictor: Promise<Result<Predictor>>;
  readonly decoder: Decoder;
  /** Images being classified. */
  users: number;
  isLeft: boolean;
}

let open: OpenModel | null = null;
let idle: NodeJS.Timeout | undefined;

/**
 * Classifies one encoded image that comes as base64; it never touches the disk. The model and a decoding thread stay
 * open for the next image, so that a camera's frame costs one pass through the network.
 * Errors: those of the model and of the image.
 */
export async function predictFrame(
  location: string,
  image: string,
  context: JobContext,
): Promise<Result<Prediction>> {
  const model = await modelAt(location, context);
  model.users += 1;
  try {
    const predictor = await model.predictor;
    if (!predictor.ok) {
      if (open === model) leave(model);
      return predictor;
    }
    const bytes = Uint8Array.from(Buffer.from(image, 'base64'));
    const pixels = await model.decoder.decodeBytes('the image', bytes, predictor.value.target);
    if (!pixels.ok) return pixels;
    const values = await predictor.value.run(pixels.value, 1);
    return ok(predictionOf('', values, predictor.value.classes));
  } finally {
    model.users -= 1;
    closeIfLeft(model);
    keepForAWhile();
  }
}

/** The open model, if it is this one and has not been trained anew, else this one opened. */
async function modelAt(location: string, context: JobContext): Promise<OpenModel> {
  const folder = (await findModel(location)) ?? location;
  const changed = await stat(path.join(folder, 'thaw.json')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const key = JSON.stringify([folder, changed]);
  if (open?.key === key) return open;
  if (open !== null) leave(open);
  open = {
    key,
    predictor: openPredictor(location, context),
    decoder: createDecoder({ workers: 1 }),
    users: 0,
    isLeft: false,
  };
  return open;
}

function keepForAWhile(): void {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (open !== null) leave(open);
  }, idleMs);
  // An engine that has nothing else to do may end.
  idle.unref();
}

function leave(model: OpenModel): void {
  model.isLeft = true;
  if (open === model) open = null;
  closeIfLeft(model);
}

function closeIfLeft(model: OpenModel): void {
  if (!model.isLeft || model.users > 0) return;
  void model.decoder.close();
  void model.predictor.then((predictor) => (predictor.ok ? predictor.value.dispose() : undefined));
}
