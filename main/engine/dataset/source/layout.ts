import type { Finding, SplitName } from '../../../../shared/domain/dataset.ts';
import { className, isHidden, splitOf } from './names.ts';
import { namesImage } from '../../../../shared/domain/imageNames.ts';
import type { SourceEntry } from './source.ts';

/** Names directly inside a folder of the dataset; `''` is the dataset's root. */
export type ListFolder = (folder: string) => Promise<{ folders: string[]; files: string[] }>;

/** How a tree of folders says which class and split a file belongs to. */
export interface Layout {
  /** Path of the folder that holds the class (or split) folders, ending in `/`, or empty. */
  readonly prefix: string;
  /** Whether split folders (train/ val/ test/) stand above the class folders. */
  readonly splits: boolean;
}

/**
 * Recognises class folders, optionally below train/ val/ test/. A single folder that holds all others is looked
 * through, as archives usually have one.
 */
export async function findLayout(listFolder: ListFolder): Promise<Layout> {
  let prefix = '';
  for (let depth = 0; depth < 8; depth++) {
    const { folders, files } = await visible(listFolder, prefix);
    const trains = folders.filter((name) => splitOf(name) === 'train');
    for (const name of trains) {
      if ((await visible(listFolder, `${prefix}${name}/`)).folders.length > 0)
        return { prefix, splits: true };
    }
    const [only] = folders;
    if (folders.length !== 1 || only === undefined || files.some(namesImage)) break;
    const inside = await visible(listFolder, `${prefix}${only}/`);
    if (inside.folders.length === 0 || inside.files.some(namesImage)) break;
    prefix = `${prefix}${only}/`;
  }
  return { prefix, splits: false };
}

async function visible(
  listFolder: ListFolder,
  folder: string,
): Promise<{ folders: string[]; files: string[] }> {
  const { folders, files } = await listFolder(folder);
  return {
    folders: folders.filter((name) => !isHidden(name)),
    files: files.filter((name) => !isHidden(name)),
  };
}

/** What the layout says about one path. */
export type Placement =
  | { readonly label: string; readonly split: SplitName | null; readonly classFolder: string }
  | 'hidden'
  | 'unlabelled';

/** Places a file by the folders it lies in; folders deeper than the class folder belong to the class. */
export function place(path: string, layout: Layout): Placement {
  if (path.split('/').some(isHidden)) return 'hidden';
  if (!path.startsWith(layout.prefix)) return 'unlabelled';
  const parts = path.slice(layout.prefix.length).split('/');
  const folders = parts.slice(0, -1);
  if (!layout.splits) {
    const [label] = folders;
    return label === undefined
      ? 'unlabelled'
      : { label: className(label), split: null, classFolder: `${layout.prefix}${label}` };
  }
  const [splitFolder, label] = folders;
  const split = splitFolder === undefined ? null : splitOf(splitFolder);
  if (split === null || label === undefined) return 'unlabelled';
  return { label: className(label), split, classFolder: `${layout.prefix}${splitFolder ?? ''}/${label}` };
}

/** The listing's entry for a file at this path. */
export function entryFor(path: string, layout: Layout): SourceEntry {
  const placement = place(path, layout);
  if (placement === 'hidden') return { type: 'finding', finding: hiddenFinding(path) };
  if (placement === 'unlabelled') return { type: 'finding', finding: unlabelledFinding(path, layout) };
  return { type: 'file', path, label: placement.label, split: placement.split };
}

export function hiddenFinding(path: string): Finding {
  return {
    kind: 'hidden-file',
    severity: 'info',
    paths: [path],
    message: `${path} is a hidden or system file and was skipped.`,
    excluded: true,
  };
}

function unlabelledFinding(path: string, layout: Layout): Finding {
  if (!namesImage(path)) {
    return {
      kind: 'not-an-image',
      severity: 'info',
      paths: [path],
      message: `${path} lies outside the class folders and was skipped.`,
      excluded: true,
    };
  }
  const where = layout.splits ? 'in a class folder below train/, val/ or test/' : 'in a class folder';
  return {
    kind: 'unlabelled',
    severity: 'warning',
    paths: [path],
    message: `${path} is not ${where}, so it has no label.`,
    excluded: true,
  };
}
