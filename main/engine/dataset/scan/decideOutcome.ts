import type { Overlay } from '../../../../shared/domain/project/decisions.ts';
import { standingOf, unlabelled } from '../../../../shared/domain/project/decisions.ts';
import { addedPrefix } from '../../../../shared/domain/project/project.ts';
import { overlayOther, setAside } from '../source/overlayEntry.ts';
import type { Outcome } from './survey.ts';

/**
 * What a survey of undecided files says once a user's decisions are laid over it: the same as surveying the project
 * anew, without looking at a file. Null: nothing is left of it.
 */
export function decideOutcome(overlay: Overlay, outcome: Outcome): Outcome | null {
  if (outcome.type !== 'file' && outcome.type !== 'unusable') return overlayOther(overlay, outcome);
  const path = outcome.type === 'file' ? outcome.image.path : outcome.path;
  if (path.startsWith(addedPrefix) && !overlay.added.has(path)) return null;
  const sourceLabel = outcome.type === 'file' ? outcome.image.label : outcome.label;
  const { label, isExcluded, pinned } = standingOf(overlay, path, sourceLabel);
  if (label === unlabelled) return null;
  if (isExcluded || label === null) return setAside(path);
  // The same record where nothing was decided: what is remembered of it stays good.
  if (label === sourceLabel && pinned === null) return outcome;
  if (outcome.type === 'unusable') return { ...outcome, label };
  return { ...outcome, image: { ...outcome.image, label, ...(pinned !== null && { pinned }) } };
}
