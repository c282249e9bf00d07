import path from 'node:path';
import { app } from 'electron';
import { studioPlaces } from '../host/places.ts';

/**
 * The application's archive or checkout, and where what other programs read is: a packaged application keeps that
 * beside its archive.
 */
export function ownFolders(): { root: string; unpacked: string } {
  const root = app.getAppPath();
  return { root, unpacked: root.replace(/\.asar$/, '.asar.unpacked') };
}

/** Keeps what the window remembers beside the runs, so that `THAW_DATA` moves all of it. */
export function setupUserData(): void {
  const { root, unpacked } = ownFolders();
  app.setPath('userData', path.join(studioPlaces(root, unpacked).data, 'window'));
}
