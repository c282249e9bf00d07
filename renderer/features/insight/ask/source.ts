import { host } from '../../../bridge/index.ts';
import { useApp } from '../../../stores/app.ts';
import { engineToken } from '../../../stores/engine.ts';
import { useInsight } from '../../../stores/insight.ts';
import { uploadFiles } from '../../data/take/upload.ts';

/** The first image among files; null where there is none. */
export function firstImage(files: FileList | undefined): File | null {
  return [...(files ?? [])].find(({ type }) => type.startsWith('image/')) ?? null;
}

const previewSide = 320;

/** Shows an image and asks the model about it: from its place where that is known, else by way of the host's folder. */
export async function askAbout(run: string, image: File): Promise<void> {
  const { hello, report } = useApp.getState();
  if (hello === null) return;
  useInsight.setState({ picture: await preview(image), prediction: null });
  const place = host().pathOf(image);
  if (place !== null) {
    await useInsight.getState().predict(run, place);
    return;
  }
  const files = [{ path: image.name, file: image }];
  const upload = await uploadFiles(files, engineToken(), new AbortController().signal, () => undefined);
  if (!upload.ok) {
    report(upload.error);
    return;
  }
  await useInsight.getState().predict(run, `${hello.datasets}/${upload.value.place}/${image.name}`);
  await upload.value.discard();
}

/** A small copy as a data address; null for a format that the page cannot show. */
async function preview(image: File): Promise<string | null> {
  const bitmap = await createImageBitmap(image).catch(() => null);
  if (bitmap === null) return null;
  const scale = Math.min(1, previewSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL('image/jpeg', 0.85);
}
