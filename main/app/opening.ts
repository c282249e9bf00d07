import { existsSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { bringToFront } from './window/window.ts';
import type { Studio } from './openStudio.ts';

export interface Opening {
  /** From now on what the desktop asks to open goes to the page; what it asked before goes first. */
  deliverTo(studio: Studio): void;
}

/** Takes what the desktop opens with Thaw: arguments, a second start, macOS's own event. */
export function setupOpening(): Opening {
  let waiting = pathsIn(process.argv.slice(1), process.cwd());
  let studio: Studio | null = null;
  const open = (paths: readonly string[]): void => {
    if (studio === null) waiting = [...waiting, ...paths];
    else studio.open(paths);
  };
  app.on('open-file', (event, file) => {
    event.preventDefault();
    open([file]);
  });
  app.on('second-instance', (_, args, folder) => {
    open(pathsIn(args.slice(1), folder));
    if (studio !== null) bringToFront(studio.window);
  });
  return {
    deliverTo(ready) {
      studio = ready;
      ready.open(waiting);
    },
  };
}

/** The arguments that name something on disk; switches and the application's own folder are none. */
export function pathsIn(args: readonly string[], folder: string): string[] {
  return args
    .filter((argument) => argument !== '' && !argument.startsWith('-') && argument !== '.')
    .map((argument) => path.resolve(folder, argument))
    .filter((file) => file !== app.getAppPath() && existsSync(file));
}
