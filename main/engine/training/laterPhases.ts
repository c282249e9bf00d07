import type { Phase } from './phases.ts';

/** A phase that was decided on after so many epochs of the run. */
export interface DecidedPhase {
  readonly after: number;
  readonly phase: Phase;
}

/**
 * The phases of a run as they stand: those planned at its beginning, as far as they were trained when another was
 * decided on, then that one.
 * @param phaseOf index of the phase each epoch so far was in.
 */
export function phasesAt(
  planned: readonly Phase[],
  decided: readonly DecidedPhase[],
  phaseOf: readonly number[],
): readonly Phase[] {
  return decided
    .filter(({ after }) => after <= phaseOf.length)
    .reduce((phases, { after, phase }) => [...trained(phases, phaseOf.slice(0, after)), phase], planned);
}

/** The phases that have epochs, the last of them as long as it has been trained. */
function trained(phases: readonly Phase[], phaseOf: readonly number[]): readonly Phase[] {
  const last = phaseOf.at(-1) ?? -1;
  const epochs = phaseOf.filter((index) => index === last).length;
  return phases.slice(0, last + 1).map((phase, index) => (index === last ? { ...phase, epochs } : phase));
}
