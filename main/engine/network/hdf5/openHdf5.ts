import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { builtEntry } from '../../runtime/packageRoot.ts';
import type { Hdf5Group, Hdf5Reply, Hdf5Request, Hdf5Source } from './protocol.ts';

/** An open HDF5 file: its structure is known, values are read when asked for. */
export interface Hdf5File {
  readonly root: Hdf5Group;
  /** A numeric dataset's values, row-major, as float32. Errors: input-corrupt. */
  read(path: string): Promise<Result<Float32Array>>;
  close(): Promise<void>;
}

/** The eight bytes every HDF5 file begins with (HDF5 File Format Specification, II.A). */
const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export function looksLikeHdf5(head: Uint8Array): boolean {
  return signature.every((byte, index) => head[index] === byte);
}

/** A healthy file answers within a second or two; a hostile one may run in circles. */
const patienceMilliseconds = 120_000;

/**
 * Opens an HDF5 file in a thread of its own. Values of a file that states more than eight times its size are refused,
 * and so is one with links in a circle.
 * @param name what to call the file in errors.
 * Errors: input-missing, input-corrupt, input-refused.
 */
export async function openHdf5(source: Hdf5Source, name: string): Promise<Result<Hdf5File>> {
  const thread = startThread();
  const opened = await thread.ask({ type: 'open', source });
  if (opened.type === 'opened')
    return ok({
      root: opened.root,
      async read(path) {
        const reply = await thread.ask({ type: 'read', path });
        return reply.type === 'values' ? ok(reply.values) : err(failure(name, reply, path));
      },
      close: thread.stop,
    });
  await thread.stop();
  return err(failure(name, opened, null));
}

/** A whole file on disk as a source. */
export async function hdf5FileSource(path: string): Promise<Result<Hdf5Source>> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true)
    return err(
      thawError('input-missing', `There is no file ${path}.`, {
        expected: 'an HDF5 file, as Keras saves weights and models',
        remedy: 'Check the path.',
      }),
    );
  return ok({ kind: 'file', path, offset: 0, length: found.size });
}

function failure(name: string, reply: Hdf5Reply, path: string | null) {
  const found = reply.type === 'failed' ? reply.message : 'an answer to another question';
  if (reply.type === 'failed' && reply.refused)
    return thawError('input-refused', `${name} is not opened: it is built to exhaust memory.`, { found });
  const what = path === null ? `${name} cannot be read` : `"${path}" of ${name} cannot be read`;
  return thawError('input-corrupt', `${what}: the HDF5 file is damaged or cut short.`, {
    remedy: 'Copy or download the file again.',
    detail: found,
  });
}

type Question = Hdf5Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

function startThread() {
  const entry = builtEntry('hdf5-worker');
  if (!existsSync(entry)) throw new Error(`${entry} is missing; build it with npm run build.`);
  const worker = new Worker(entry, { stdout: true, stderr: true });
  const waiting = new Map<number, (reply: Hdf5Reply) => void>();
  let nextId = 1;
  let reason = 'its reader ended';
  let running = true;
  const failAll = (): void => {
    for (const [id, settle] of waiting) settle({ type: 'failed', id, refused: false, message: reason });
    waiting.clear();
  };
  worker.on('error', (cause) => {
    reason = cause.message;
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      running = false;
      failAll();
      resolve();
    });
  });
  worker.on('message', (reply: Hdf5Reply) => {
    const settle = waiting.get(reply.id);
    waiting.delete(reply.id);
    settle?.(reply);
  });
  return {
    ask(question: Question): Promise<Hdf5Reply> {
      const id = nextId++;
      if (!running) return Promise.resolve({ type: 'failed', id, refused: false, message: reason });
      const reply = new Promise<Hdf5Reply>((settle) => waiting.set(id, settle));
      const timer = setTimeout(() => {
        reason = `no answer within ${patienceMilliseconds / 1000} seconds`;
        void worker.terminate();
      }, patienceMilliseconds);
      worker.postMessage({ ...question, id } satisfies Hdf5Request);
      return reply.finally(() => {
        clearTimeout(timer);
      });
    },
    async stop(): Promise<void> {
      await worker.terminate();
      await ended;
    },
  };
}
