import { stat } from 'node:fs/promises';
import type { EngineClient } from '../../engine-process/client.ts';
import type { Rendition } from '../../../shared/ipc/dataset/images.ts';
import { pictureSchema } from '../../../shared/ipc/dataset/images.ts';
import type { ServedFile } from '../files/studioFiles.ts';

/** Gives an image of a dataset as a file a page can show; null when there is none, or it cannot be decoded. */
export type Pictures = (dataset: string, image: string, rendition: Rendition) => Promise<ServedFile | null>;

/** Pictures made by the engine, which decodes them as it does for training and keeps them in its cache. */
export function picturesOf(engine: EngineClient): Pictures {
  return async (dataset, image, rendition) => {
    const made = await engine.run({ job: 'image-file', dataset, path: image, rendition });
    const picture = made.ok ? pictureSchema.safeParse(made.value) : null;
    if (picture?.success !== true) return null;
    const { file, type } = picture.data;
    // The cache may have dropped it since; then the page asks again.
    const found = await stat(file).catch(() => null);
    return found === null ? null : { file, type, size: found.size };
  };
}
