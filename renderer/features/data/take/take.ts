import { create } from 'zustand';
import { addImages } from '../../../stores/data/decisions.ts';
import { messages } from '../../../messages/index.ts';
import { useApp } from '../../../stores/app.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { engineToken } from '../../../stores/engine.ts';
import { thawError } from '../../../../shared/errors.ts';
import { say } from '../../../ui/toasts.ts';
import type { Dropped, DroppedFile } from './dropped.ts';
import { isLoose } from './dropped.ts';
import type { Upload } from './upload.ts';
import { datasetIn, uploadFiles } from './upload.ts';

/** Files on their way to the engine, and images dropped without a class. */
interface TakeState {
  readonly transfer: {
    readonly what: 'copying' | 'adding';
    readonly done: number;
    readonly total: number;
    readonly cancel: (() => void) | null;
  } | null;
  /** Single images that wait for a class. */
  readonly loose: Dropped | null;
}

export const useTake = create<TakeState>()(() => ({ transfer: null, loose: null }));

/** Opens what was dropped on the window or chosen; single images are asked a class for. */
export async function take(dropped: Dropped): Promise<void> {
  const { hello, report, go } = useApp.getState();
  if (hello === null || useTake.getState().transfer !== null) return;
  if (isLoose(dropped)) {
    go('data');
    useTake.setState({ loose: dropped });
    return;
  }
  if (dropped.kind === 'places') {
    const [place, ...more] = dropped.places;
    if (place === undefined) return;
    if (more.length === 0) await useDataset.getState().open(place);
    else
      report(
        thawError('usage', 'Several things were dropped at once.', {
          expected: 'one folder that holds the class folders, one zip, or one CSV',
          found: `${dropped.places.length} files and folders`,
          remedy: 'Drop the folder around them.',
        }),
      );
    return;
  }
  if (dropped.files.length === 0) return;
  const upload = await copy(dropped.files);
  if (upload === null) return;
  await useDataset.getState().open(`${hello.datasets}/${datasetIn(upload, dropped.files)}`);
}

/** Adds what was dropped or chosen to a class. */
export async function takeInto(label: string, dropped: Dropped): Promise<void> {
  const { hello } = useApp.getState();
  useTake.setState({ loose: null });
  if (hello === null || useTake.getState().transfer !== null) return;
  if (useDataset.getState().project === null) await useDataset.getState().begin(messages.data.emptyName);
  if (dropped.kind === 'places') {
    await add(label, dropped.places);
    return;
  }
  const upload = await copy(dropped.files);
  if (upload === null) return;
  await add(label, [`${hello.datasets}/${upload.place}`]);
  await upload.discard();
}

async function copy(files: readonly DroppedFile[]): Promise<Upload | null> {
  const controller = new AbortController();
  const progress = (done: number): void => {
    const cancel = (): void => {
      controller.abort();
    };
    useTake.setState({ transfer: { what: 'copying', done, total: files.length, cancel } });
  };
  progress(0);
  const upload = await uploadFiles(files, engineToken(), controller.signal, progress);
  useTake.setState({ transfer: null });
  if (upload.ok) return upload.value;
  useApp.getState().report(upload.error);
  return null;
}

async function add(label: string, places: readonly string[]): Promise<void> {
  const text = messages.data;
  const added = await addImages(label, places, (done, total) => {
    useTake.setState({ transfer: { what: 'adding', done, total, cancel: null } });
  });
  useTake.setState({ transfer: null });
  if (added === null) return;
  const [first] = added.refused;
  const refused =
    first === undefined
      ? undefined
      : text.refused(added.refused.length, `${first.file.split(/[\\/]/).at(-1) ?? ''}: ${first.found}`);
  say(text.added(added.added.length, label), refused);
}
