import { host } from '../../bridge/index.ts';
import { useApp } from '../app.ts';
import { useDataset } from './dataset.ts';

/** Opens a dataset by its place on the engine's machine and shows it. */
export function openDataset(location: string): void {
  useApp.getState().go('data');
  void useDataset.getState().open(location);
}

/** Asks for a folder in the host's dialog and opens it. */
export async function chooseDataset(): Promise<void> {
  const chosen = await host().choose('dataset-folder');
  if (!chosen.ok) {
    useApp.getState().report(chosen.error);
    return;
  }
  const [folder] = chosen.value;
  if (folder !== undefined) openDataset(folder);
}
