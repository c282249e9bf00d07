#!/usr/bin/env node
/** The `thaw` command in a checkout: builds what is missing or older than its source, then runs it. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './built.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

await ensureBuilt({ page: process.argv[2] === 'serve' });
await import(pathToFileURL(path.join(root, 'dist', 'main', 'cli.js')).href);
