import type { ImageRow, Rendition } from '../../../shared/ipc/dataset/images.ts';
import { imageUrl } from '../../../shared/ipc/studio/studio.ts';
import { engineToken } from '../../stores/engine.ts';

/** The address of an image as a picture; a small thumbnail unless another rendition is asked for. */
export function pictureUrl(
  dataset: string,
  { path, version }: Pick<ImageRow, 'path' | 'version'>,
  rendition?: Rendition,
): string {
  return imageUrl(dataset, path, engineToken(), {
    ...(rendition && { rendition }),
    ...(version !== '' && { version }),
  });
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
