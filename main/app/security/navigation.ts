import { app } from 'electron';
import { pageUrl } from './page.ts';

/** No page leads anywhere but to itself, opens windows, or embeds other pages; a file dropped on one is not opened. */
export function setupNavigation(): void {
  app.on('web-contents-created', (_, contents) => {
    const stay = (event: { readonly url: string; preventDefault(): void }): void => {
      if (event.url !== pageUrl) event.preventDefault();
    };
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
  });
}
