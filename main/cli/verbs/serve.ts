import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../../engine/runtime/packageRoot.ts';
import { thawError } from '../../../shared/errors.ts';
import type { CommonOptions } from '../command.ts';
import { fail, verb, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { openAddress } from '../openAddress.ts';

type ServeOptions = CommonOptions & {
  readonly port: number;
  readonly host?: string;
  readonly open?: boolean;
};

/** `thaw serve`: the studio in a browser. */
export function serveVerb(io: Io, end: (code: number) => void, version: string): Command {
  return verb('serve', 'the studio in a browser, on this machine')
    .option('--port <n>', 'port to listen at; 0 takes any free one', wholeNumber, 7421)
    .option('--host <address>', 'address to listen at, for other machines; only this machine when not told')
    .option('--open', 'opens the address in the default browser')
    .action(async (options: ServeOptions) => {
      // The server is for this verb alone, and takes a while to load.
      const { forkEngine } = await import('../../engine-process/child.ts');
      const { EngineClient } = await import('../../engine-process/client.ts');
      const { bundledBackbones, studioPlaces } = await import('../../host/places.ts');
      const { Recents } = await import('../../host/recents.ts');
      const { startStudio } = await import('../../server/studioServer.ts');
      const places = studioPlaces(packageRoot);
      if (!existsSync(path.join(places.page, 'index.html'))) {
        const remedy = 'Run `npm run build`.';
        end(
          fail(io, options, thawError('engine-missing', 'The studio’s page has not been built.', { remedy })),
        );
        return;
      }
      mkdirSync(places.runs, { recursive: true });
      const engine = new EngineClient({ spawn: () => forkEngine({ entry: places.engine }) });
      const studio = await startStudio({
        engine,
        hello: {
          type: 'hello',
          version,
          sample: places.sample,
          runs: places.runs,
          projects: places.projects,
          datasets: places.datasets,
          backbones: await bundledBackbones(places.backbones),
        },
        recents: await Recents.open(places.recents),
        pageFolder: places.page,
        port: options.port,
        ...(options.host !== undefined && { host: options.host }),
      });
      if (!studio.ok) {
        await engine.close();
        end(fail(io, options, studio.error));
        return;
      }
      if (options.json === true) io.out(`${JSON.stringify({ url: studio.value.url })}\n`);
      else io.out(`The studio is at ${studio.value.url}\nCtrl-C ends it.\n`);
      const forget = options.open === true ? await openAddress(studio.value.url, places.data) : null;
      await new Promise<void>((resolve) => {
        io.onInterrupt(resolve);
      });
      await forget?.();
      await studio.value.close();
      await engine.close();
      end(0);
    });
}
