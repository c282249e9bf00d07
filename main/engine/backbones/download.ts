import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { EnvHttpProxyAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { writeError } from '../project/fileErrors.ts';
import { explainRefusal } from './refusal.ts';

export interface Checksum {
  readonly algorithm: 'md5' | 'sha256';
  /** Lower-case hex. */
  readonly hex: string;
}

export interface DownloadOptions {
  readonly url: string;
  /** Where the whole file will be; `.partial` beside it holds what has come so far. */
  readonly file: string;
  /** Null where the publisher states none. */
  readonly checksum: Checksum | null;
  readonly onProgress: (done: number, total: number | null) => void;
  readonly signal: AbortSignal;
  /** A connection that brings nothing for so long is given up and tried again. */
  readonly stallMilliseconds?: number;
  /** Pause before the first further attempt; doubled each time. */
  readonly pauseMilliseconds?: number;
}

const mostAttempts = 5;
const mostRedirects = 5;
/** The largest file of Keras Applications has 1.4 GB. */
const mostBytes = 8 * 2 ** 30;

/**
 * Downloads a file so that it is there whole or not at all. What has come of it is kept, and the next attempt, or the
 * next call, goes on from there if the server still has the same file. Uses HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
 * Errors: engine-missing saying exactly what the network answered; input-corrupt for a wrong checksum; cancelled;
 * disk-full, output-unwritable.
 */
export async function download(options: DownloadOptions): Promise<Result<void>> {
  const dispatcher = new EnvHttpProxyAgent();
  try {
    for (let attempt = 1; ; attempt += 1) {
      const done = await tryOnce(options, dispatcher);
      if (done.ok) break;
      if (!done.error.again || attempt === mostAttempts) return err(done.error.thaw);
      await pause((options.pauseMilliseconds ?? 1000) * 2 ** (attempt - 1), options.signal);
    }
    return await finish(options);
  } catch (cause) {
    if (options.signal.aborted)
      return err(thawError('cancelled', 'The download was cancelled; it can go on later.'));
    return err(writeError(cause, options.file));
  } finally {
    await dispatcher.destroy();
  }
}

/** Why an attempt failed, and whether another may do better. */
interface Failure {
  readonly thaw: ReturnType<typeof thawError>;
  readonly again: boolean;
}

/** What is known of the file a partial download is of. */
const partialState = z.object({ url: z.string(), tag: z.string().nullable(), total: z.number().nullable() });
type PartialState = z.infer<typeof partialState>;

async function tryOnce(options: DownloadOptions, dispatcher: Dispatcher): Promise<Result<void, Failure>> {
  const { url, file, signal } = options;
  const partial = `${file}.partial`;
  const before = await readState(partial, url);
  const have = before === null ? 0 : ((await stat(partial).catch(() => null))?.size ?? 0);
  if (before !== null && before.total !== null && have === before.total) return ok(undefined);
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0 && before !== null && before.tag !== null) {
    headers['range'] = `bytes=${have}-`;
    headers['if-range'] = before.tag;
  }
  let response: Dispatcher.ResponseData;
  try {
    response = await follow(url, headers, options, dispatcher);
  } catch (cause) {
    if (signal.aborted) throw cause;
    return err({ thaw: explainRefusal(url, cause), again: true });
  }
  const { statusCode, body } = response;
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump();
    // What we have is more than the server has: begin anew.
    if (statusCode === 416) await rm(partial, { force: true });
    const again = statusCode === 416 || statusCode === 408 || statusCode === 429 || statusCode >= 500;
    return err({ thaw: explainRefusal(url, statusCode), again });
  }
  const goesOn = statusCode === 206 && rangeStart(response) === have;
  if (statusCode === 206 && !goesOn) {
    await body.dump();
    await rm(partial, { force: true });
    return err({ thaw: explainRefusal(url, 'it answered with another part than asked for'), again: true });
  }
  const start = goesOn ? have : 0;
  const length = Number(single(response, 'content-length') ?? NaN);
  const total = Number.isFinite(length) ? start + length : null;
  if ((total ?? 0) > mostBytes) {
    await body.dump();
    return err({ thaw: explainRefusal(url, `it offers ${total ?? 0} bytes`), again: false });
  }
  const tag = single(response, 'etag') ?? single(response, 'last-modified') ?? null;
  await writeFileAtomic(`${partial}.json`, JSON.stringify({ url, tag: isStrong(tag) ? tag : null, total }));
  return receive(body, partial, start, total, options);
}

/** Weak validators do not promise the same bytes (RFC 9110, 13.1.5). */
function isStrong(tag: string | null): boolean {
  return tag !== null && !tag.startsWith('W/');
}

async function receive(
  body: Dispatcher.ResponseData['body'],
  partial: string,
  start: number,
  total: number | null,
  { url, onProgress, signal, stallMilliseconds = 60_000 }: DownloadOptions,
): Promise<Result<void, Failure>> {
  const target = await open(partial, start === 0 ? 'w' : 'a');
  let done = start;
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      body.destroy(new Error(`nothing came for ${stallMilliseconds / 1000} seconds`));
    }, stallMilliseconds);
  };
  try {
    watch();
    for await (const chunk of body as AsyncIterable<Buffer>) {
      await target.write(chunk);
      done += chunk.length;
      if (done > mostBytes) return err({ thaw: explainRefusal(url, 'it does not end'), again: false });
      onProgress(done, total);
      watch();
    }
    await target.sync();
  } catch (cause) {
    if (signal.aborted || isDiskError(cause)) throw cause;
    return err({ thaw: explainRefusal(url, cause), again: true });
  } finally {
    clearTimeout(timer);
    await target.close();
  }
  if (total === null || done === total) return ok(undefined);
  return err({ thaw: explainRefusal(url, `it broke off after ${done} of ${total} bytes`), again: true });
}

function isDiskError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'write';
}

/** Follows redirects, never from https to http. */
async function follow(
  url: string,
  headers: Record<string, string>,
  { signal, stallMilliseconds = 60_000 }: DownloadOptions,
  dispatcher: Dispatcher,
): Promise<Dispatcher.ResponseData> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await request(at, {
      dispatcher,
      signal,
      headers,
      headersTimeout: stallMilliseconds,
      bodyTimeout: 0,
    });
    const location = single(response, 'location');
    if (response.statusCode < 300 || response.statusCode > 399 || location === undefined) return response;
    await response.body.dump();
    const next = new URL(location, at);
    if (at.protocol === 'https:' && next.protocol !== 'https:')
      throw new Error(`it redirects to an unsafe address, ${next.origin}`);
    at = next;
  }
  throw new Error(`it redirects more than ${mostRedirects} times`);
}

function single({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function rangeStart(response: Dispatcher.ResponseData): number {
  return Number(/^bytes (\d+)-/.exec(single(response, 'content-range') ?? '')?.[1] ?? NaN);
}

async function readState(partial: string, url: string): Promise<PartialState | null> {
  try {
    const state = partialState.parse(JSON.parse(await readFile(`${partial}.json`, 'utf8')));
    return state.url === url ? state : null;
  } catch {
    return null;
  }
}

/** Checks the whole file and gives it its name. A file with the wrong checksum is not kept. */
async function finish({ file, checksum, url }: DownloadOptions): Promise<Result<void>> {
  const partial = `${file}.partial`;
  if (checksum !== null) {
    const found = await hashFile(partial, checksum.algorithm);
    if (found !== checksum.hex) {
      await rm(partial, { force: true });
      await rm(`${partial}.json`, { force: true });
      return err(
        thawError(
          'input-corrupt',
          `${path.basename(file)} from ${new URL(url).host} is not the file it should be.`,
          {
            expected: `${checksum.algorithm} ${checksum.hex}`,
            found: found,
            remedy: 'Try again; if it stays so, something between here and there changes the file.',
          },
        ),
      );
    }
  }
  await rename(partial, file);
  await rm(`${partial}.json`, { force: true });
  return ok(undefined);
}

/** A file's hash, hex. */
export async function hashFile(file: string, algorithm: Checksum['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Error('cancelled'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
