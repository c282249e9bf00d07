import type { MenuItemConstructorOptions } from 'electron';
import type { HostCommand, Recent, Theme } from '../../../shared/ipc/studio/host.ts';
import { themes } from '../../../shared/ipc/studio/host.ts';
import type { menuText } from './menuText.ts';

/** What the menu shows and does. */
export interface MenuParts {
  readonly text: typeof menuText;
  readonly isMac: boolean;
  /** Whether the entries for developers are there. */
  readonly hasDevTools: boolean;
  readonly recents: readonly Recent[];
  readonly theme: Theme;
  command(command: HostCommand): void;
  choose(choice: 'dataset-folder' | 'dataset-file'): void;
  open(path: string): void;
  clearRecents(): void;
  about(): void;
}

const stations = ['data', 'network', 'training', 'insight', 'export'] as const;

/** The window's menu. */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const { text, isMac } = parts;
  const about = {
    label: text.about,
    click: () => {
      parts.about();
    },
  };
  return [
    ...(isMac ? [appMenu(about)] : []),
    { label: text.file, submenu: fileMenu(parts) },
    {
      label: text.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    { label: text.view, submenu: viewMenu(parts) },
    { label: text.training, submenu: trainingMenu(parts) },
    { label: text.window, role: 'windowMenu' },
    { label: text.help, role: 'help', submenu: [about] },
  ];
}

function appMenu(about: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      about,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function fileMenu(parts: MenuParts): MenuItemConstructorOptions[] {
  const { text, recents } = parts;
  const opened = recents.map(({ name, path }) => ({
    label: name,
    sublabel: path,
    toolTip: path,
    click: () => {
      parts.open(path);
    },
  }));
  const clear = {
    label: text.clearRecents,
    click: () => {
      parts.clearRecents();
    },
  };
  return [
    {
      label: text.openFolder,
      accelerator: 'CmdOrCtrl+O',
      click: () => {
        parts.choose('dataset-folder');
      },
    },
    {
      label: text.openFile,
      accelerator: 'CmdOrCtrl+Shift+O',
      click: () => {
        parts.choose('dataset-file');
      },
    },
    {
      label: text.openSample,
      click: () => {
        parts.command({ name: 'open-sample' });
      },
    },
    {
      label: text.recents,
      submenu:
        opened.length === 0
          ? [{ label: text.noRecents, enabled: false }]
          : [...opened, { type: 'separator' }, clear],
    },
    { type: 'separator' },
    parts.isMac ? { role: 'close' } : { role: 'quit' },
  ];
}

function viewMenu(parts: MenuParts): MenuItemConstructorOptions[] {
  const { text, theme } = parts;
  return [
    ...stations.map((station, index) => ({
      label: text.stations[station],
      accelerator: `CmdOrCtrl+${index + 1}`,
      click: () => {
        parts.command({ name: 'go', station });
      },
    })),
    { type: 'separator' },
    {
      label: text.theme,
      submenu: themes.map((one) => ({
        label: text.themes[one],
        type: 'radio' as const,
        checked: one === theme,
        click: () => {
          parts.command({ name: 'theme', theme: one });
        },
      })),
    },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(parts.hasDevTools ? ([{ role: 'reload' }, { role: 'toggleDevTools' }] as const) : []),
  ];
}

function trainingMenu({ text, command }: MenuParts): MenuItemConstructorOptions[] {
  const item = (name: 'train' | 'pause' | 'stop', accelerator: string): MenuItemConstructorOptions => ({
    label: text[name],
    accelerator,
    click: () => {
      command({ name });
    },
  });
  return [item('train', 'CmdOrCtrl+Return'), item('pause', 'CmdOrCtrl+P'), item('stop', 'CmdOrCtrl+.')];
}
