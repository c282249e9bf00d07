import { mkdir } from 'node:fs/promises';
import { app } from 'electron';
import { EngineClient } from '../engine-process/client.ts';
import { picturesOf } from '../host/page/pictures.ts';
import { StudioContent } from '../host/page/studioContent.ts';
import { StudioHost } from '../host/studioHost.ts';
import { Recents } from '../host/recents.ts';
import { Uploads } from '../host/files/uploads.ts';
import { bundledBackbones, studioPlaces } from '../host/places.ts';
import { choose, reveal } from './dialogs.ts';
import { spawnEngine } from './engineChild.ts';
import { notify } from './notifications.ts';
import type { Theming } from './window/theme.ts';
import { ownFolders } from './userData.ts';
import { WindowHolder } from './window/windowHolder.ts';

/** What the application is made of, once it runs. */
export interface Studio {
  readonly engine: EngineClient;
  readonly host: StudioHost;
  readonly content: StudioContent;
  readonly recents: Recents;
  readonly window: WindowHolder;
  /** Asks the page to open a dataset or a project; it waits for the page. */
  open(paths: readonly string[]): void;
}

/** Starts the engine's process and the host between it and the page. */
export async function openStudio(theme: Theming): Promise<Studio> {
  const { root, unpacked } = ownFolders();
  const places = studioPlaces(root, unpacked);
  await mkdir(places.runs, { recursive: true });
  const recents = await Recents.open(places.recents);
  const window = new WindowHolder();
  const engine = new EngineClient({ spawn: () => spawnEngine(places.engine) });
  const host = new StudioHost({
    engine,
    hello: {
      type: 'hello',
      version: app.getVersion(),
      sample: places.sample,
      runs: places.runs,
      projects: places.projects,
      datasets: places.datasets,
      backbones: await bundledBackbones(places.backbones),
      host: { shell: 'window', canChoose: true, canReveal: true },
    },
    actions: {
      recents,
      choose: ({ choice }) => choose(window, choice),
      reveal,
      notify: (title, body) => {
        notify(window, title, body);
      },
      setTheme: theme.set,
    },
  });
  const content = new StudioContent({
    pageFolder: places.page,
    datasets: host.datasets,
    pictures: picturesOf(engine),
    uploads: new Uploads(places.datasets),
    exports: host.exports,
  });
  return {
    engine,
    host,
    content,
    recents,
    window,
    open(paths) {
      for (const path of paths) host.command({ name: 'open', path });
    },
  };
}
