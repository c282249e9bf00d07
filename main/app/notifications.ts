import { Notification } from 'electron';
import type { WindowHolder } from './window/windowHolder.ts';
import { bringToFront } from './window/window.ts';

/** Tells someone who is looking elsewhere; a click brings the window to the front. */
export function notify(window: WindowHolder, title: string, body: string): void {
  if (window.current?.isFocused() === true || !Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  notification.on('click', () => {
    bringToFront(window);
  });
  notification.show();
}
