import { create } from 'zustand';
import type { Hello } from '../../shared/ipc/studio.ts';
import type { ThawError } from '../../shared/errors.ts';

export type Station = 'data' | 'network' | 'training' | 'insight';

/** The window itself: which station is open, whether the engine is there, what went wrong last. */
interface AppState {
  readonly station: Station;
  readonly isConnected: boolean;
  readonly hello: Hello | null;
  readonly error: ThawError | null;
  go(station: Station): void;
  /** Shows an error until it is dismissed; a cancel is no error. */
  report(error: ThawError): void;
  dismiss(): void;
}

export const useApp = create<AppState>()((set) => ({
  station: 'data',
  isConnected: false,
  hello: null,
  error: null,
  go(station) {
    set({ station });
  },
  report(error) {
    if (error.code !== 'cancelled') set({ error });
  },
  dismiss() {
    set({ error: null });
  },
}));
