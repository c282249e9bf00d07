import { create } from 'zustand';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

interface ThemeState {
  /** What the user chose; kept. */
  readonly choice: ThemeChoice;
  /** What is shown. */
  readonly shown: 'light' | 'dark';
  choose(choice: ThemeChoice): void;
}

const key = 'theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

export const useTheme = create<ThemeState>()((set) => ({
  choice: stored(),
  shown: shownFor(stored()),
  choose(choice) {
    localStorage.setItem(key, choice);
    set({ choice, shown: shownFor(choice) });
  },
}));

dark.addEventListener('change', () => {
  useTheme.setState(({ choice }) => ({ shown: shownFor(choice) }));
});

/** Puts the theme on the page, now and whenever it changes. */
export function followTheme(): void {
  const put = ({ shown }: ThemeState): void => {
    document.documentElement.dataset['theme'] = shown;
  };
  put(useTheme.getState());
  useTheme.subscribe(put);
}

function stored(): ThemeChoice {
  const value = localStorage.getItem(key);
  return themeChoices.find((choice) => choice === value) ?? 'system';
}

function shownFor(choice: ThemeChoice): 'light' | 'dark' {
  if (choice !== 'system') return choice;
  return dark.matches ? 'dark' : 'light';
}
