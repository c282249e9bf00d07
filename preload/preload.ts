import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { WindowBridge } from '../shared/ipc/studio/studio.ts';
import { windowChannels } from '../shared/ipc/studio/window.ts';

/** All that the page gets of Electron: the contract's messages, and the path of a file that was dropped on it. */
let listen: ((message: unknown) => void) | null = null;

ipcRenderer.on(windowChannels.toPage, (_, message: unknown) => {
  listen?.(message);
});

const bridge: WindowBridge = {
  connect(onMessage) {
    listen = onMessage;
    ipcRenderer.send(windowChannels.connect);
  },
  send(request) {
    ipcRenderer.send(windowChannels.toHost, request);
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
};

contextBridge.exposeInMainWorld('thawWindow', bridge);
