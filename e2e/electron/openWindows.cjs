/**
 * Preloaded into the application's main process by a test: has the page try to open windows, and prints how many there
 * are afterwards. Playwright would hold a window that is being refused.
 */
const { app, BrowserWindow } = require('electron');

const urls = ['https://example.com/', 'thaw://studio/', 'about:blank'];

app.on('browser-window-created', (_, { webContents }) => {
  // An old Electron asks after `window.open` has returned, in the order of the calls.
  const asked = new Promise((resolve) => {
    const left = [...urls];
    webContents.on('new-window', () => {
      left.pop();
      if (left.length === 0) setImmediate(resolve);
    });
  });
  webContents.once('did-finish-load', async () => {
    // A current one refuses by giving null, at once.
    const isRefused = await webContents.executeJavaScript(
      `${JSON.stringify(urls)}.map((url) => window.open(url)).every((opened) => opened === null)`,
    );
    if (!isRefused) await asked;
    console.log(`windows: ${BrowserWindow.getAllWindows().length}`);
    app.exit(0);
  });
});
