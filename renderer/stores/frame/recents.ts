import { create } from 'zustand';
import type { Recent } from '../../../shared/ipc/studio/host.ts';
import type { Result } from '../../../shared/result.ts';
import { host } from '../../bridge/index.ts';
import { useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';

/** What was opened lately, newest first, as the host keeps it. */
interface RecentsState {
  readonly recents: readonly Recent[];
  load(): Promise<void>;
  add(recent: Omit<Recent, 'opened'>): Promise<void>;
  forget(path: string): Promise<void>;
}

export const useRecents = create<RecentsState>()((set) => {
  const take = (answer: Result<readonly Recent[]>): void => {
    if (answer.ok) set({ recents: answer.value });
    else useApp.getState().report(answer.error);
  };
  return {
    recents: [],
    async load() {
      take(await host().recents());
    },
    async add(recent) {
      take(await host().addRecent(recent));
    },
    async forget(path) {
      take(await host().forgetRecent(path));
    },
  };
});

useDataset.subscribe(({ dataset }, before) => {
  if (dataset === null || dataset.location === before.dataset?.location) return;
  void useRecents.getState().add({
    kind: dataset.kind === 'project' ? 'project' : 'dataset',
    path: dataset.location,
    name: dataset.dataset.slice(0, 255),
  });
});
