import path from 'node:path';
import { BrowserWindow, app, nativeTheme, screen } from 'electron';
import { pageUrl } from '../security/page.ts';
import { ownFolders } from '../userData.ts';
import { readStored, store, storeNow } from './stored.ts';
import type { WindowHolder } from './windowHolder.ts';
import { placeWindow, smallest, windowStateSchema } from './windowState.ts';

/** Opens the window where it was last, and shows it when its page has been painted. */
export async function openWindow(holder: WindowHolder): Promise<void> {
  const file = path.join(app.getPath('userData'), 'window.json');
  const state = await readStored(file, windowStateSchema);
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { root } = ownFolders();
  const window = new BrowserWindow({
    ...placeWindow(state, screens),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Thaw',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1720' : '#f6f8fa',
    ...(process.platform === 'linux' && { icon: path.join(root, 'assets', 'icons', 'icon.png') }),
    webPreferences: {
      preload: path.join(root, 'dist', 'app', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  holder.set(window);
  if (state?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  rememberState(window, file);
  await window.loadURL(pageUrl);
}

/** Brings the window back from wherever it is. */
export function bringToFront({ current }: WindowHolder): void {
  if (current === null) return;
  if (current.isMinimized()) current.restore();
  current.show();
  current.focus();
}

/** Half a second of rest after the last change, and once more when it closes. */
function rememberState(window: BrowserWindow, file: string): void {
  const stateNow = () => ({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  const keep = (): void => {
    if (!window.isDestroyed()) void store(file, stateNow());
  };
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('close', () => {
    clearTimeout(timer);
    storeNow(file, stateNow());
  });
}
