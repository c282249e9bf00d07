import path from 'node:path';
import { app, nativeTheme } from 'electron';
import { z } from 'zod';
import type { Theme } from '../../../shared/ipc/studio/host.ts';
import { themes } from '../../../shared/ipc/studio/host.ts';
import { readStored, store } from './stored.ts';

const schema = z.object({ theme: z.enum(themes) });

/** The window's theme, which its page follows by media query. */
export interface Theming {
  readonly current: Theme;
  set(theme: Theme): void;
}

/** Takes up the theme that was chosen last. */
export async function setupTheme(): Promise<Theming> {
  const file = path.join(app.getPath('userData'), 'theme.json');
  nativeTheme.themeSource = (await readStored(file, schema))?.theme ?? 'system';
  return {
    get current() {
      return nativeTheme.themeSource;
    },
    set(theme) {
      if (theme === nativeTheme.themeSource) return;
      nativeTheme.themeSource = theme;
      void store(file, { theme });
    },
  };
}
