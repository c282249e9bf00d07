import { Menu, app, dialog, nativeTheme } from 'electron';
import { choose } from '../dialogs.ts';
import type { Studio } from '../openStudio.ts';
import { texts } from '../texts.ts';
import type { Theming } from '../window/theme.ts';
import { menuTemplate } from './menuTemplate.ts';

/** Puts the menu up, and again whenever the recent things or the theme change. */
export function setupMenu(studio: Studio, theme: Theming): void {
  const { host, recents, window } = studio;
  const put = (): void => {
    const template = menuTemplate({
      text: texts.menu,
      isMac: process.platform === 'darwin',
      hasDevTools: !app.isPackaged,
      recents: recents.list(),
      theme: theme.current,
      command: (command) => {
        host.command(command);
      },
      choose: (choice) => {
        void choose(window, choice).then((chosen) => {
          if (chosen.ok) studio.open(chosen.value);
        });
      },
      open: (path) => {
        studio.open([path]);
      },
      clearRecents: () => {
        void recents.clear();
      },
      about: () => void showAbout(studio),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  put();
  recents.subscribe(put);
  nativeTheme.on('updated', put);
}

async function showAbout({ window }: Studio): Promise<void> {
  const { current } = window;
  if (current === null) return;
  const message = texts.about(app.getVersion());
  await dialog.showMessageBox(current, { type: 'info', message, detail: texts.aboutDetail });
}
