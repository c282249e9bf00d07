import { create } from 'zustand';
import type { CacheReport } from '../../../shared/ipc/training/cache.ts';
import { useApp } from '../app.ts';
import { runJob } from '../engine.ts';

/** What the engine keeps for later: features, and what scans found in files. */
interface CacheState {
  readonly report: CacheReport | null;
  readonly isClearing: boolean;
  look(): Promise<void>;
  /** Drops all that nothing uses at the moment. */
  clear(): Promise<void>;
}

export const useCache = create<CacheState>()((set) => {
  const ask = async (action: 'list' | 'clear'): Promise<void> => {
    const report = await runJob({ job: 'cache', action });
    if (report.ok) set({ report: report.value });
    else useApp.getState().report(report.error);
  };
  return {
    report: null,
    isClearing: false,
    look: () => ask('list'),
    async clear() {
      set({ isClearing: true });
      await ask('clear');
      set({ isClearing: false });
    },
  };
});
