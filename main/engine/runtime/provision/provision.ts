import { existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { cacheFolder } from '../cacheFolder.ts';
import { compileAddon } from './compile.ts';
import type { DownloadOptions } from './download.ts';
import { downloadWheels } from './download.ts';
import { extractZip } from './extract.ts';
import { runCommand } from './runCommand.ts';
import type { Wheel } from './target.ts';
import { nvidiaGpu, tensorflowVersion, wheelFor } from './target.ts';

const require = createRequire(import.meta.url);

/** Where things are on this machine. */
export interface RuntimePlaces {
  /** tfjs-node-gpu in node_modules. */
  readonly packageFolder: string;
  /** Where the package looks for its addon. */
  readonly link: string;
  /** This runtime's part of the cache. */
  readonly folder: string;
  /** The unpacked wheels, laid out as in Python's site-packages. */
  readonly site: string;
  /** Written last: the wheels are unpacked whole. */
  readonly unpacked: string;
  readonly addon: string;
}

export function runtimePlaces(gpu: boolean): RuntimePlaces {
  const packageFolder = path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const kind = gpu ? 'cuda' : 'cpu';
  const folder = path.join(
    cacheFolder(),
    'runtime',
    `tensorflow-${tensorflowVersion}-${process.platform}-${process.arch}-${kind}`,
  );
  return {
    packageFolder,
    link: path.join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node'),
    folder,
    site: path.join(folder, 'site'),
    unpacked: path.join(folder, 'unpacked'),
    addon: path.join(folder, 'addon-4.22.0', 'tfjs_binding.node'),
  };
}

/** Whether the package finds its addon. */
export function isLinked({ link }: Pick<RuntimePlaces, 'link'>): boolean {
  return existsSync(link);
}

/**
 * Makes the native runtime usable: fetches TensorFlow's C library into the user's cache, builds the addon, links it
 * into the package. Steps that were done before are not repeated, and another process doing the same is waited for.
 * Where no wheel fits, or a step fails, the package's own install script is tried.
 * Errors: engine-missing, disk-full, output-unwritable.
 */
export async function provisionRuntime(options: DownloadOptions = {}): Promise<Result<void>> {
  const gpu = nvidiaGpu() !== null;
  const wheel = wheelFor(process.platform, process.arch, gpu);
  const places = runtimePlaces(wheel?.cuda ?? false);
  if (isLinked(places)) return ok(undefined);
  try {
    await mkdir(places.folder, { recursive: true });
    const release = await lockfile.lock(places.folder, {
      stale: 30_000,
      retries: { forever: true, minTimeout: 200, maxTimeout: 2_000 },
      realpath: false,
    });
    try {
      if (isLinked(places)) return ok(undefined);
      const built = wheel === null ? noWheel() : await build(places, wheel, options);
      if (built.ok) return ok(await linkAddon(places));
      const installed = await runOwnInstaller(places, options.signal);
      return installed ? ok(undefined) : built;
    } finally {
      await release();
    }
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    if (options.signal?.aborted === true) return err(thawError('cancelled', 'Setting up was cancelled.'));
    return err(unwritable(places, cause));
  }
}

async function build(places: RuntimePlaces, wheel: Wheel, options: DownloadOptions): Promise<Result<void>> {
  if (!existsSync(places.unpacked)) {
    const unpacked = await unpack(places, wheel, options);
    if (!unpacked.ok) return unpacked;
  }
  if (existsSync(places.addon)) return ok(undefined);
  options.onProgress?.({ what: 'building the TensorFlow addon', done: 0, total: null });
  return compileAddon(places.packageFolder, places.site, wheel, places.addon, options.signal);
}

async function unpack(places: RuntimePlaces, wheel: Wheel, options: DownloadOptions): Promise<Result<void>> {
  const wheels = path.join(places.folder, 'wheels');
  const partial = path.join(places.folder, 'site.partial');
  await rm(partial, { recursive: true, force: true });
  await mkdir(wheels, { recursive: true });
  const own = [`${wheel.distribution}==${tensorflowVersion}`];
  const main = await downloadWheels(own, wheel, wheels, options);
  if (!main.ok) return main;
  for (const file of main.value) {
    const what = 'unpacking TensorFlow';
    await extractZip(file, partial, (name) => isNeeded(name, wheel), {
      signal: options.signal,
      onBytes: (done, total) => options.onProgress?.({ what, done, total }),
    });
  }
  if (wheel.cuda) {
    const cuda = await downloadCuda(partial, path.join(places.folder, 'wheels-cuda'), wheel, options);
    if (!cuda.ok) return cuda;
  }
  await rm(places.site, { recursive: true, force: true });
  await rename(partial, places.site);
  await writeFileAtomic(places.unpacked, `${wheel.distribution} ${tensorflowVersion}\n`);
  await rm(wheels, { recursive: true, force: true });
  await rm(path.join(places.folder, 'wheels-cuda'), { recursive: true, force: true });
  return ok(undefined);
}

/** The libraries, the C headers, and the licence. */
function isNeeded(name: string, wheel: Wheel): boolean {
  if (wheel.libraries.includes(name)) return true;
  if (/^tensorflow[^/]*\.dist-info\/(METADATA|LICENSE)$/.test(name)) return true;
  return /^tensorflow\/include\/(tensorflow\/(c|tsl|core\/platform)|tsl)\//.test(name);
}

/** CUDA as the wheel's `and-cuda` extra names it; the library finds it beside itself. */
async function downloadCuda(
  site: string,
  folder: string,
  wheel: Wheel,
  options: DownloadOptions,
): Promise<Result<void>> {
  const info = (await readdir(site)).find((name) => name.endsWith('.dist-info'));
  const metadata = info === undefined ? '' : await readFile(path.join(site, info, 'METADATA'), 'utf8');
  const requirements = [
    ...metadata.matchAll(/^Requires-Dist: (nvidia-[\w-]+) *\(?==([\d.]+)\)? *;.*and-cuda/gm),
  ].map(([, name, version]) => `${name ?? ''}==${version ?? ''}`);
  await mkdir(folder, { recursive: true });
  const found = await downloadWheels(
    requirements,
    { ...wheel, platform: 'manylinux1_x86_64' },
    folder,
    options,
  );
  if (!found.ok) return found;
  for (const file of found.value)
    await extractZip(file, site, (name) => name.startsWith('nvidia/'), { signal: options.signal });
  return ok(undefined);
}

/** A link, so that a fresh node_modules costs nothing; a copy where links are not allowed. */
async function linkAddon({ addon, link }: RuntimePlaces): Promise<void> {
  await mkdir(path.dirname(link), { recursive: true });
  const old = await lstat(link).catch(() => null);
  if (old?.isSymbolicLink() === true && (await readlink(link)) === addon) return;
  await rm(link, { force: true });
  try {
    await symlink(addon, link);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EPERM')) throw cause;
    await copyFile(addon, link);
  }
}

/** Downloads the project's prebuilt addon where its host can be reached. */
async function runOwnInstaller(places: RuntimePlaces, signal: AbortSignal | undefined): Promise<boolean> {
  await runCommand(process.execPath, ['scripts/install.js', 'gpu', 'download'], {
    cwd: places.packageFolder,
    signal,
    timeoutSeconds: 300,
  });
  return isLinked(places);
}

function noWheel(): Result<never> {
  const machine = `${process.platform} ${process.arch}`;
  return err(
    thawError('engine-missing', `There is no ready-made TensorFlow library to link to for ${machine}.`, {
      expected: 'Linux or macOS on x64 or arm64, or a machine where the package’s own installer works',
      remedy: 'Train in portable mode, or on one of those systems.',
    }),
  );
}

function unwritable(places: RuntimePlaces, cause: unknown) {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return thawError(
    code === 'ENOSPC' ? 'disk-full' : 'output-unwritable',
    `The native runtime cannot be set up in ${places.folder}.`,
    {
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Free some space or allow writing there, or name another place with THAW_CACHE.',
      ...(cause instanceof Error && cause.stack !== undefined && { detail: cause.stack }),
    },
  );
}
