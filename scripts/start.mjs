/**
 * `npm start`: opens the studio in its window, or, where there can be none, in a browser, and says why.
 * `npm start -- --browser` asks for the browser; `--no-open` leaves opening it to the user.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './built.mjs';
import { chooseShell } from './start/chooseShell.mjs';
import { findElectron } from './start/electron.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const thaw = path.join(root, 'scripts', 'thaw.mjs');
const usualPort = 7421;
/** A window that closes sooner, and with an error, never opened. */
const openingSeconds = 10;

const args = process.argv.slice(2);
const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

await ensureBuilt({ page: true, app: true });
await setUpRuntime();

const choice = chooseShell({
  wanted: args.includes('--browser') ? 'browser' : undefined,
  platform: process.platform,
  hasDisplay,
  isRoot: process.getuid?.() === 0,
});
const reason = choice.shell === 'window' ? await openWindow() : choice.reason;
if (reason !== 'closed') await openBrowser(reason);

/** The first start fetches and builds TensorFlow's native library, with a progress bar; later ones find it there. */
async function setUpRuntime() {
  const packageFolder = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const isThere = existsSync(path.join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node'));
  if (isThere || process.env.THAW_RUNTIME === 'portable') return;
  console.error('The first start sets up the native TensorFlow runtime (about 200 MB), once.\n');
  await run(process.execPath, [thaw, 'doctor']);
}

/** 'closed' when the user closed the window, else why none opened. */
async function openWindow() {
  const electron = await findElectron(root);
  if ('missing' in electron) return electron.missing;
  const started = Date.now();
  const { code, said } = await run(electron.executable, [root], { watch: true });
  const isOpened = code === 0 || Date.now() - started > openingSeconds * 1000;
  return isOpened ? 'closed' : `Electron ended at once (${lastLine(said) ?? `exit code ${code}`})`;
}

async function openBrowser(why) {
  if (why !== null)
    console.error(
      `\nThe studio opens in a browser instead of its own window: ${why}. It is the same studio with the same engine;` +
        ' what it cannot do is open the system’s dialogs and show files in the file manager.\n',
    );
  const open = hasDisplay || process.platform !== 'linux' ? ['--open'] : [];
  const port = (await isFree(usualPort)) ? usualPort : 0;
  const wanted = args.includes('--no-open') ? [] : open;
  const { code } = await run(process.execPath, [thaw, 'serve', '--port', String(port), ...wanted]);
  process.exitCode = code;
}

/** Runs a program on this terminal to its end. Ctrl-C is for it, and it ends by itself. */
function run(command, commandArgs, { watch = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { stdio: ['inherit', 'inherit', watch ? 'pipe' : 'inherit'] });
    let said = '';
    child.stderr?.on('data', (text) => {
      process.stderr.write(text);
      said = (said + text).slice(-10_000);
    });
    const pass = (signal) => child.kill(signal);
    // A terminal sends Ctrl-C to every program on it, this child included.
    const interrupt = (signal) => process.stdin.isTTY || pass(signal);
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', pass);
    const end = (code) => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', pass);
      resolve({ code, said });
    };
    child.once('error', ({ message }) => {
      said = message;
      end(1);
    });
    child.once('close', (code) => {
      end(code ?? 1);
    });
  });
}

function lastLine(said) {
  return said.trim().split('\n').at(-1) || null;
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
