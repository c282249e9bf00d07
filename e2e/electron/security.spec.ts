import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { StudioPage } from '../pages/studioPage.ts';
import { shellEnvironment } from './electron.ts';
import { expect, test } from './fixture.ts';

test('the window keeps its page away from Node and from everything else', async ({ running: { app } }) => {
  const flags = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const contents = window?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
      getURL(): string;
    };
    return { ...contents.getLastWebPreferences(), url: contents.getURL() };
  });
  expect(flags).toMatchObject({
    url: 'thaw://studio/',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
  });
});

test('the page gets the bridge and nothing of Electron or Node', async ({ running: { page } }) => {
  const globals = await page.evaluate(() => ({
    bridge: Object.keys((window as unknown as { thawWindow: object }).thawWindow).sort(),
    foreign: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', 'global'].filter(
      (name) => name in window,
    ),
  }));
  expect(globals).toEqual({ bridge: ['connect', 'pathOf', 'send'], foreign: [] });
});

test('the page’s policy allows only its own files', async ({ running: { page } }) => {
  const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  const refused = await page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          seen.push(effectiveDirective);
          if (seen.length === 3) resolve(seen.sort());
        });
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        const frame = document.createElement('iframe');
        frame.src = 'https://example.com/';
        document.body.append(frame);
        fetch('https://example.com/').catch(() => undefined);
      }),
  );
  expect(refused.map((directive) => directive.replace('-elem', ''))).toEqual(
    expect.arrayContaining(['connect-src', 'frame-src', 'script-src']),
  );
  expect(await page.evaluate(() => 'injected' in window)).toBe(false);
});

test('the window does not navigate', async ({ running: { app, page } }) => {
  await app.evaluate(({ BrowserWindow }) => {
    const seen = { refused: [] as string[], gone: [] as string[] };
    Object.assign(globalThis, { seenNavigations: seen });
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    contents?.on('will-navigate', (details) => {
      // The application's own listener has been asked before this one.
      if (details.defaultPrevented) seen.refused.push(details.url);
    });
    contents?.on('did-navigate', (_, url) => seen.gone.push(url));
  });
  await page.evaluate(() => {
    window.location.href = 'file:///etc/passwd';
    const link = document.createElement('a');
    link.href = 'https://example.com/';
    document.body.append(link);
    link.click();
    link.remove();
  });
  // Navigations begin in their order: when the last has been refused, nothing is left that could begin.
  const seen = () =>
    app.evaluate(
      () => (globalThis as unknown as { seenNavigations: Record<string, string[]> }).seenNavigations,
    );
  await expect.poll(async () => (await seen())['refused']).toContain('https://example.com/');
  expect((await seen())['gone']).toEqual([]);
  const windows = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
  );
  expect(windows).toEqual(['thaw://studio/']);
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Data' })).toBeVisible();
});

test('the page opens no windows', async ({ shell, display }) => {
  const probe = path.join(import.meta.dirname, 'openWindows.cjs');
  const { stdout } = await promisify(execFile)(
    shell.executable,
    ['--no-sandbox', '-r', probe, ...shell.args],
    { env: await shellEnvironment(display), timeout: 30_000 },
  );
  expect(stdout).toContain('windows: 1');
});

test('only the camera is granted', async ({ running: { page } }) => {
  const answers = await page.evaluate(async () => {
    const media = async (wanted: MediaStreamConstraints): Promise<string> => {
      try {
        const stream = await navigator.mediaDevices.getUserMedia(wanted);
        for (const track of stream.getTracks()) track.stop();
        return 'granted';
      } catch (cause) {
        return (cause as DOMException).name;
      }
    };
    const position = new Promise<string>((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => {
          resolve('granted');
        },
        ({ code, PERMISSION_DENIED }) => {
          resolve(code === PERMISSION_DENIED ? 'denied' : 'failed');
        },
      );
    });
    return {
      camera: await media({ video: true }),
      microphone: await media({ audio: true }),
      both: await media({ video: true, audio: true }),
      position: await position,
      notifications: await Notification.requestPermission(),
    };
  });
  expect(answers).toEqual({
    camera: 'granted',
    microphone: 'NotAllowedError',
    both: 'NotAllowedError',
    position: 'denied',
    notifications: 'denied',
  });
});

test('messages of another window are dropped', async ({ running: { app } }) => {
  const heard = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const ours = BrowserWindow.getAllWindows()[0]?.webContents;
    if (ours === undefined) throw new Error('The application has no window');
    const { preload } = (
      ours as unknown as { getLastWebPreferences(): { preload: string } }
    ).getLastWebPreferences();
    const other = new BrowserWindow({
      show: false,
      webPreferences: { preload, contextIsolation: true, sandbox: true },
    });
    await other.loadURL('thaw://studio/');
    // The application's own listener has been asked before this one.
    const theirs = other.webContents;
    const arrived = new Promise<void>((resolve) => {
      ipcMain.on('thaw:to-host', function listen({ sender }) {
        if (sender !== theirs) return;
        ipcMain.removeListener('thaw:to-host', listen);
        resolve();
      });
    });
    await other.webContents.executeJavaScript(`window.heard = new Promise((resolve) => {
      const heard = [];
      window.thawWindow.connect((message) => (message === 'the last' ? resolve(heard) : heard.push(message)));
    });
    window.thawWindow.send({ type: 'recents', id: 1 });`);
    await arrived;
    // When the page's own question, asked after it, has its answer, the other's would have had one too.
    const answered = new Promise<void>((resolve) => {
      const send = ours.send.bind(ours);
      ours.send = (channel, message: { type?: string; id?: number }) => {
        send(channel, message);
        if (message.type === 'recents' && message.id === 1_000_000) resolve();
      };
    });
    await ours.executeJavaScript(`window.thawWindow.send({ type: 'recents', id: 1000000 })`);
    await answered;
    Reflect.deleteProperty(ours, 'send');
    other.webContents.send('thaw:to-page', 'the last');
    const result = (await other.webContents.executeJavaScript('window.heard')) as unknown[];
    other.destroy();
    return result;
  });
  expect(heard).toEqual([]);
});

test('images come out of opened datasets only', async ({ running: { page } }) => {
  const user = new StudioPage(page);
  const status = (dataset: string, file: string) =>
    page.evaluate(
      async (query) => (await fetch(`/image?${query}`)).status,
      new URLSearchParams({ dataset, path: file }).toString(),
    );
  await user.openSample();
  const shown = await page.locator('.thumbnails img').first().getAttribute('src');
  const sample = new URLSearchParams(shown?.split('?')[1]).get('dataset') ?? '';
  expect(await status(path.dirname(sample), 'icons/icon.png')).toBe(403);
  expect(await status(sample, 'cat/cat-01.jpg')).toBe(200);
  expect(await status(sample, '../icons/icon.png')).toBe(404);
  expect(await status('/etc', 'passwd')).toBe(403);
  expect(await page.evaluate(async () => (await fetch('/../../package.json')).status)).toBe(404);
});
