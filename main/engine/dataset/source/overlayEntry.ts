import type { Overlay } from '../../../../shared/domain/project/decisions.ts';
import { classNow, standingOf } from '../../../../shared/domain/project/decisions.ts';
import type { SourceEntry } from './source.ts';

/** What a dataset lists, as a user's decisions have it. Null: nothing is left of it. */
export function overlayEntry(overlay: Overlay, entry: SourceEntry): SourceEntry | null {
  switch (entry.type) {
    case 'finding':
      return entry;
    case 'class': {
      const label = classNow(overlay, entry.label);
      return label === null ? null : { ...entry, label };
    }
    case 'file': {
      const { label, isExcluded, pinned } = standingOf(overlay, entry.path, entry.label);
      if (!isExcluded && label !== null) return { ...entry, label, ...(pinned !== null && { pinned }) };
      return {
        type: 'finding',
        finding: {
          kind: 'set-aside',
          severity: 'info',
          paths: [entry.path],
          message: `${entry.path} was set aside in the project.`,
          excluded: true,
        },
      };
    }
  }
}
