import type { Finding } from '../../../../shared/domain/dataset.ts';
import type { ImageDecision, Overlay } from '../../../../shared/domain/project/decisions.ts';
import { classNow, standingOf, unlabelled } from '../../../../shared/domain/project/decisions.ts';
import type { SourceEntry } from './source.ts';

type Other = Exclude<SourceEntry, { type: 'file' }>;

/** What a dataset lists, as a user's decisions have it. Null: nothing is left of it. */
export function overlayEntry(overlay: Overlay, entry: SourceEntry): SourceEntry | null {
  if (entry.type === 'finding' && isGivenClass(overlay, entry.finding))
    return overlayEntry(overlay, unlabelledFile(entry.finding));
  if (entry.type !== 'file') return overlayOther(overlay, entry);
  const { label, isExcluded, pinned } = standingOf(overlay, entry.path, entry.label);
  if (isExcluded || label === null) return setAside(entry.path);
  return { ...entry, label, ...(pinned !== null && { pinned }) };
}

/** The same for what is no file. A finding the user has answered is none any more. */
export function overlayOther(overlay: Overlay, entry: Other): Other | null {
  if (entry.type === 'finding') {
    const isAnswered =
      isGivenClass(overlay, entry.finding) || decisionOn(overlay, entry.finding)?.isExcluded === true;
    return isAnswered ? null : entry;
  }
  const label = classNow(overlay, entry.label);
  return label === null ? null : { ...entry, label };
}

/** Whether the user gave a class to a file that has none where it lies. */
export function isGivenClass(overlay: Overlay, finding: Finding): boolean {
  return finding.kind === 'unlabelled' && decisionOn(overlay, finding)?.label !== undefined;
}

/** A file without a class where it lies, to be looked at. */
export function unlabelledFile({ paths: [path = ''] }: Finding): Extract<SourceEntry, { type: 'file' }> {
  return { type: 'file', path, label: unlabelled, split: null };
}

function decisionOn(overlay: Overlay, { paths: [path = ''] }: Finding): ImageDecision | undefined {
  return overlay.images.get(path);
}

/** What is said of a file the user set aside. */
export function setAside(path: string): Extract<SourceEntry, { type: 'finding' }> {
  const message = `${path} was set aside in the project.`;
  return {
    type: 'finding',
    finding: { kind: 'set-aside', severity: 'info', paths: [path], message, excluded: true },
  };
}
