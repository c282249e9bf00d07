import type { Overlay } from '../../../../shared/domain/project/decisions.ts';
import { classNow, standingOf } from '../../../../shared/domain/project/decisions.ts';
import type { SourceEntry } from './source.ts';

type Other = Exclude<SourceEntry, { type: 'file' }>;

/** What a dataset lists, as a user's decisions have it. Null: nothing is left of it. */
export function overlayEntry(overlay: Overlay, entry: SourceEntry): SourceEntry | null {
  if (entry.type !== 'file') return overlayOther(overlay, entry);
  const { label, isExcluded, pinned } = standingOf(overlay, entry.path, entry.label);
  if (isExcluded || label === null) return setAside(entry.path);
  return { ...entry, label, ...(pinned !== null && { pinned }) };
}

/** The same for what is no file. */
export function overlayOther(overlay: Overlay, entry: Other): Other | null {
  if (entry.type === 'finding') return entry;
  const label = classNow(overlay, entry.label);
  return label === null ? null : { ...entry, label };
}

/** What is said of a file the user set aside. */
export function setAside(path: string): Extract<SourceEntry, { type: 'finding' }> {
  const message = `${path} was set aside in the project.`;
  return {
    type: 'finding',
    finding: { kind: 'set-aside', severity: 'info', paths: [path], message, excluded: true },
  };
}
