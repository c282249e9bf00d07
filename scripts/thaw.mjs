#!/usr/bin/env node
/** The `thaw` command in a checkout: builds what is missing or older than its source, then runs it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = path.join(root, 'dist', 'main', 'cli.js');

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) time = Math.max(time, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  return time;
}

const sources = ['main', 'shared'].map((name) => path.join(root, name)).filter(existsSync);
const stale = !existsSync(built) || sources.some((folder) => newest(folder) > statSync(built).mtimeMs);
const page = path.join(root, 'dist', 'renderer', 'index.html');
const pageSources = ['renderer', 'shared'].map((name) => path.join(root, name)).filter(existsSync);
const stalePage =
  process.argv[2] === 'serve' &&
  (!existsSync(page) || pageSources.some((folder) => newest(folder) > statSync(page).mtimeMs));
if (stale || stalePage) {
  const { buildMain, buildRenderer } = await import('./build.mjs');
  if (stale) await buildMain();
  if (stalePage) await buildRenderer();
}
await import(pathToFileURL(built).href);
