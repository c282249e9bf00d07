import type { IpcMainEvent } from 'electron';
import { ipcMain } from 'electron';
import type { HostConnection } from '../../host/studioHost.ts';
import { windowChannels } from '../../../shared/ipc/studio/window.ts';
import type { Studio } from '../openStudio.ts';
import { isPageUrl } from './page.ts';

/** Carries messages between the window's page and the host. Messages of any other sender are dropped. */
export function setupPages({ host, window }: Studio): void {
  let connection: HostConnection | null = null;
  const isOurs = ({ sender, senderFrame }: IpcMainEvent): boolean =>
    sender === window.current?.webContents &&
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    isPageUrl(senderFrame.url);

  ipcMain.on(windowChannels.connect, (event) => {
    if (!isOurs(event)) return;
    connection?.close();
    const { sender } = event;
    connection = host.connect((message) => {
      if (!sender.isDestroyed()) sender.send(windowChannels.toPage, message);
    });
  });
  ipcMain.on(windowChannels.toHost, (event, message: unknown) => {
    if (isOurs(event)) connection?.receive(message);
  });
}
