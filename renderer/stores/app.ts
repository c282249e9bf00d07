import { create } from 'zustand';
import type { Hello } from '../../shared/ipc/studio/studio.ts';
import type { ThawError } from '../../shared/errors.ts';

/** The stations, in the order of a first visit. */
export const stations = ['data', 'network', 'training', 'insight', 'export'] as const;
export type Station = (typeof stations)[number];

/** What the window shows: a station, or the start screen. */
export type Screen = Station | 'welcome';

/** The window itself: what it shows, whether the engine is there, what went wrong last. */
interface AppState {
  readonly station: Screen;
  readonly isConnected: boolean;
  readonly hello: Hello | null;
  readonly error: ThawError | null;
  readonly isPaletteOpen: boolean;
  /** The step of the tour that is shown; null while there is no tour. */
  readonly tour: number | null;
  go(station: Screen): void;
  /** Shows an error until it is dismissed; a cancel is no error. */
  report(error: ThawError): void;
  dismiss(): void;
  openPalette(isOpen: boolean): void;
  /** Goes to a step of the tour; null ends it. */
  showTour(step: number | null): void;
}

export const useApp = create<AppState>()((set) => ({
  station: 'welcome',
  isConnected: false,
  hello: null,
  error: null,
  isPaletteOpen: false,
  tour: null,
  go(station) {
    set({ station });
  },
  report(error) {
    if (error.code !== 'cancelled') set({ error });
  },
  dismiss() {
    set({ error: null });
  },
  openPalette(isPaletteOpen) {
    set({ isPaletteOpen });
  },
  showTour(tour) {
    set({ tour });
  },
}));
