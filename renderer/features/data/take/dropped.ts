import { host } from '../../../bridge/index.ts';

/** A file a user dropped or chose, with its path below what was dropped. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

/** What was dropped or chosen: places on the engine's machine where the page knows them, else the files. */
export type Dropped =
  | { readonly kind: 'places'; readonly places: readonly string[] }
  | { readonly kind: 'files'; readonly files: readonly DroppedFile[] };

/** Everything in a drop, folders walked through. Call it inside the drop event: its items do not outlive that. */
export async function contentsOf(transfer: DataTransfer): Promise<Dropped> {
  const places = [...transfer.files].map((file) => host().pathOf(file));
  const known = places.filter((place) => place !== null);
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (known.length > 0 && known.length === places.length) return { kind: 'places', places: known };
  const files: DroppedFile[] = [];
  for (const entry of entries) await collect(entry, files);
  return { kind: 'files', files };
}

/** Whether a drag brings files from outside the page. */
export function bringsFiles(transfer: DataTransfer): boolean {
  return transfer.types.includes('Files');
}

const imageName = /\.(jpe?g|jfif|png|webp|avif|gif|tiff?|bmp)$/i;

/** Whether it is single images rather than a dataset. */
export function isLoose(dropped: Dropped): boolean {
  const names = dropped.kind === 'places' ? dropped.places : dropped.files.map(({ path }) => path);
  const isNested = dropped.kind === 'files' && names.some((name) => name.includes('/'));
  return names.length > 0 && !isNested && names.every((name) => imageName.test(name));
}

export function countOf(dropped: Dropped): number {
  return dropped.kind === 'places' ? dropped.places.length : dropped.files.length;
}

/** The files of a folder chosen in a dialog. */
export function filesOfInput(list: FileList): DroppedFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function collect(entry: FileSystemEntry, files: DroppedFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    files.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives at most a hundred entries a call, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const one of some) await collect(one, files);
  }
}
