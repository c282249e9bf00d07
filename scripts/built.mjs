/** Builds what is missing or older than its source. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) time = Math.max(time, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  return time;
}

/** Without sources, as in an installed package, what is there is right. */
function isStale(built, sources) {
  const folders = sources.map((name) => path.join(root, name)).filter(existsSync);
  return !existsSync(built) || folders.some((folder) => newest(folder) > statSync(built).mtimeMs);
}

/** The engine and the command line; the studio's page and the desktop application where they are wanted. */
export async function ensureBuilt({ page, app = false }) {
  const isMainStale = isStale(path.join(root, 'dist', 'main', 'cli.js'), ['main', 'shared']);
  const isAppStale =
    app && isStale(path.join(root, 'dist', 'app', 'main.cjs'), ['main', 'preload', 'shared']);
  const isPageStale =
    page && isStale(path.join(root, 'dist', 'renderer', 'index.html'), ['renderer', 'shared']);
  if (!isMainStale && !isAppStale && !isPageStale) return;
  const { buildApp, buildMain, buildRenderer } = await import('./build.mjs');
  if (isMainStale) await buildMain();
  if (isAppStale) await buildApp();
  if (isPageStale) await buildRenderer();
}
