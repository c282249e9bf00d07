import { parentPort } from 'node:worker_threads';
import { Dataset, File } from 'h5wasm';
import type { Hdf5Reply, Hdf5Request } from './protocol.ts';
import { mountSource, sandboxName } from './sandboxFile.ts';
import { readValues, Refusal, takeSnapshot } from './snapshot.ts';

/**
 * Entry of the thread that reads one HDF5 file. The library is WebAssembly without access to the disk; a file that
 * makes it hang or fail takes this thread with it and nothing else.
 */

const port = parentPort;
if (port === null) throw new Error('The HDF5 worker runs in a worker thread.');
let file: File | null = null;

port.on('message', (request: Hdf5Request) => {
  void answer(request).then((reply) => {
    port.postMessage(reply, reply.type === 'values' ? [reply.values.buffer as ArrayBuffer] : []);
  });
});

async function answer(request: Hdf5Request): Promise<Hdf5Reply> {
  const { id } = request;
  try {
    if (request.type === 'open') {
      const mounted = await mountSource(request.source);
      file = new File(sandboxName, 'r');
      return { type: 'opened', id, root: takeSnapshot(file, mounted.size) };
    }
    const entity = file?.get(request.path);
    if (!(entity instanceof Dataset)) throw new Error(`${request.path} is no dataset`);
    return { type: 'values', id, values: readValues(entity) };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { type: 'failed', id, refused: cause instanceof Refusal, message: message.slice(0, 500) };
  }
}
