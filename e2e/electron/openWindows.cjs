/**
 * Preloaded into the application's main process by a test: has the page try to open windows, and prints how many there
 * are afterwards. Playwright would hold a window that is being refused.
 */
const { app, BrowserWindow } = require('electron');

app.on('browser-window-created', (_, window) => {
  window.webContents.once('did-finish-load', async () => {
    await window.webContents.executeJavaScript(
      "window.open('https://example.com/'); window.open('thaw://studio/'); window.open('about:blank'); 0",
    );
    setTimeout(() => {
      console.log(`windows: ${BrowserWindow.getAllWindows().length}`);
      app.exit(0);
    }, 500);
  });
});
