import { performance } from 'node:perf_hooks';
import type { BackboneSpeed, CatalogueEntry } from '../../../../shared/ipc/model/backbones.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { architectureEntry, listCatalogue } from '../../backbones/catalogue.ts';
import { addWeights, fetchWeights } from '../../backbones/fetchWeights.ts';
import type { JobContext } from '../../jobs/context.ts';
import { warningsOf } from '../../jobs/context.ts';
import { dropHead, randomWeights, resolveBackbone } from '../../network/index.ts';
import type { Prefix } from '../../training/features/prefix.ts';
import { openPrefix } from '../../training/features/prefix.ts';

const progressMilliseconds = 200;

/** Every backbone there is, and whether its weights are here. */
export function listBackboneCatalogue(): Promise<Result<CatalogueEntry[]>> {
  return listCatalogue();
}

/** Fetches an architecture's weights; nothing is fetched otherwise. `THAW_WEIGHTS_HOST` names a mirror. */
export async function getBackbone(name: string, context: JobContext): Promise<Result<CatalogueEntry>> {
  const bundled = await bundledCalled(name);
  if (!bundled.ok || bundled.value !== null) return bundled as Result<CatalogueEntry>;
  const host = process.env['THAW_WEIGHTS_HOST'];
  let shown = 0;
  const onProgress = (done: number, total: number | null): void => {
    if (performance.now() - shown < progressMilliseconds && done !== total) return;
    shown = performance.now();
    context.emit({ type: 'progress', what: `fetching ${name}`, done, total });
  };
  const fetched = await fetchWeights(name, {
    onProgress,
    signal: context.signal,
    ...(host !== undefined && host !== '' && { host }),
  });
  return fetched.ok ? architectureEntry(fetched.value) : fetched;
}

/** Takes a weights file of the user's into the store that all projects share. */
export async function addBackbone(file: string, name: string | null): Promise<Result<CatalogueEntry>> {
  const added = await addWeights(file, name);
  return added.ok ? architectureEntry(added.value) : added;
}

async function bundledCalled(name: string): Promise<Result<CatalogueEntry | null>> {
  const all = await listCatalogue();
  if (!all.ok) return all;
  return ok(all.value.find((entry) => entry.name === name && entry.weights === 'bundled') ?? null);
}

const measureMilliseconds = 3000;
const mostRuns = 200;

/** How fast a backbone's frozen layers are here: with its weights, or random ones, which take as long. */
export async function measureBackbone(
  name: string,
  imageSize: number | null,
  context: JobContext,
): Promise<Result<BackboneSpeed>> {
  const imported = await resolveBackbone(name, { withoutWeights: true, imageSize });
  if (!imported.ok) return imported;
  if (imported.value.kind === 'graph')
    return err(thawError('engine-unsupported', `${name} is a graph; only networks of layers are measured.`));
  const headless = dropHead(imported.value.network);
  if (!headless.ok) return headless;
  const { network } = headless.value;
  const { weights: own } = imported.value;
  const weights = own.size > 0 ? own : randomWeights(network, 0);
  const prefix = await openPrefix(network, weights, {
    frontier: [network.output],
    preprocess: 'none',
    onNotice: warningsOf(context),
  });
  if (!prefix.ok) return prefix;
  try {
    const [height, width] = network.inputShape;
    const images = (count: number): Uint8Array => new Uint8Array(count * height * width * 3).fill(127);
    const { lanes, batchSize = 1 } = prefix.value;
    // Side by side where the runtime computes so, else in the batches it is best at.
    const each = lanes > 1 ? 1 : batchSize;
    for (const count of new Set([1, each])) await prefix.value.run(images(count), count);
    const alone = await paced(prefix.value, images, { lanes: 1, each: 1 }, context);
    const together = await paced(prefix.value, images, { lanes, each }, context);
    return ok({
      name,
      imageSize: height,
      imagesPerSecond: 1000 / together,
      milliseconds: alone,
      runtime: prefix.value.provider,
    });
  } finally {
    await prefix.value.dispose();
  }
}

/** Milliseconds an image, with so many batches on the way at a time. @param each images of a batch. */
async function paced(
  prefix: Prefix,
  images: (count: number) => Uint8Array,
  { lanes, each }: { readonly lanes: number; readonly each: number },
  context: JobContext,
): Promise<number> {
  const started = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - started < measureMilliseconds && done < mostRuns * each) {
      done += each;
      await prefix.run(images(each), each);
      await context.gate();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (performance.now() - started) / done;
}
