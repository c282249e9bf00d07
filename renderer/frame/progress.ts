import type { Station } from '../stores/app.ts';

/** How far a station is. */
export type StationState = 'done' | 'next' | 'busy' | 'later';

export interface Reached {
  readonly hasDataset: boolean;
  readonly isScanning: boolean;
  readonly isTraining: boolean;
  /** Whether there is a trained model to look at. */
  readonly hasModel: boolean;
  readonly hasExport: boolean;
}

/**
 * The state of each station. Exactly one is the next step, unless something is at work. The network has a plan from
 * the start, so it is done as soon as there are classes for its head.
 */
export function stationStates(reached: Reached): Readonly<Record<Station, StationState>> {
  const { hasDataset, isScanning, isTraining, hasModel, hasExport } = reached;
  const after = (ready: boolean, done: boolean): StationState => (done ? 'done' : ready ? 'next' : 'later');
  return {
    data: isScanning ? 'busy' : after(true, hasDataset),
    network: after(false, hasDataset),
    training: isTraining ? 'busy' : after(hasDataset, hasModel),
    insight: after(false, hasModel && !isTraining),
    export: after(hasModel && !isTraining, hasExport),
  };
}
