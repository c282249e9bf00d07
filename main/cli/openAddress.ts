import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Opens an address that carries a key in the default browser. Arguments of a program are for every user to see, so the
 * browser is given a file that only this user can read, and that leads on. Returns a function that removes the file.
 */
export async function openAddress(url: string, folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, `open-${process.pid}.html`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, pageTo(url), { mode: 0o600 });
  const [command, ...args] = opener(process.platform);
  const child = spawn(command, [...args, file], { stdio: 'ignore', detached: true });
  // Without a browser the address is on the terminal.
  child.on('error', () => undefined);
  child.unref();
  return () => rm(file, { force: true });
}

/** A page that leads to another. */
export function pageTo(url: string): string {
  const safe = url.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html><meta charset="utf-8"><title>Thaw</title><meta http-equiv="refresh" content="0; url=${safe}"><a href="${safe}">Thaw</a>\n`;
}

function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['explorer.exe'];
  return ['xdg-open'];
}
