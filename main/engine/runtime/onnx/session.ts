import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { OnnxFeeds, OnnxOutput, OnnxReply, OnnxRequest } from './protocol.ts';
import { builtEntry } from '../packageRoot.ts';
import { turnTelemetryOff } from './telemetry.ts';
import { coreCount } from '../threads.ts';

/** A loaded ONNX model, in threads of its own. */
export interface OnnxSession {
  /** What computes, in ONNX Runtime's words: "cpu", "cuda"… */
  readonly provider: string;
  /** Runs that are computed at the same time; more wait. */
  readonly lanes: number;
  /**
   * Runs the model on any number of rows. The inputs' memory is handed over and must not be used afterwards; outputs
   * are float32, by name. Rejects when ONNX Runtime fails or its thread dies.
   */
  run(feeds: OnnxFeeds): Promise<Readonly<Record<string, OnnxOutput>>>;
  dispose(): Promise<void>;
}

/** Beyond this, cores help each other within a lane: every lane holds a copy of the weights. */
const mostLanes = 4;

/**
 * Loads a model from memory. Several runs at once, each on few threads, waste less than one run on many: layers of a
 * single image are too small to share, and threads that wait for each other keep cores from decoding.
 * Errors: engine-unsupported when ONNX Runtime refuses it.
 */
export async function openOnnxSession(
  model: Uint8Array,
  options: { readonly threads?: number } = {},
): Promise<Result<OnnxSession>> {
  const threads = options.threads ?? coreCount();
  const lanes = Array.from({ length: Math.min(threads, mostLanes) }, startThread);
  const stop = async (): Promise<void> => {
    await Promise.all(lanes.map((lane) => lane.stop()));
  };
  try {
    const each = Math.max(1, Math.floor(threads / lanes.length));
    await Promise.all(lanes.map((lane) => lane.ask({ type: 'open', model, threads: each }, [])));
  } catch (cause) {
    await stop();
    return err(
      thawError('engine-unsupported', 'ONNX Runtime does not load the frozen layers.', {
        found: cause instanceof Error ? cause.message : String(cause),
      }),
    );
  }
  return ok({
    provider: 'cpu',
    lanes: lanes.length,
    run(feeds) {
      const idlest = lanes.reduce((best, lane) => (lane.busy() < best.busy() ? lane : best));
      return idlest.ask(
        { type: 'run', feeds },
        Object.values(feeds).flatMap(({ data }) => wholeBuffer(data)),
      );
    },
    dispose: stop,
  });
}

type Question = OnnxRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;
type Outputs = Readonly<Record<string, OnnxOutput>>;

function startThread() {
  const entry = builtEntry('onnx-worker');
  if (!existsSync(entry)) throw new Error(`${entry} is missing; build it with npm run build.`);
  turnTelemetryOff();
  const worker = new Worker(entry);
  const waiting = new Map<number, { resolve: (outputs: Outputs) => void; reject: (cause: Error) => void }>();
  let nextId = 1;
  let reason = 'ONNX Runtime’s thread ended';
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error(reason));
      waiting.clear();
      resolve();
    });
  });
  worker.on('error', (cause) => {
    reason = cause.message;
  });
  worker.on('message', (reply: OnnxReply) => {
    const question = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.type === 'done') question?.resolve(reply.outputs);
    else question?.reject(new Error(reply.message));
  });
  const ask = (question: Question, transfer: readonly ArrayBuffer[]): Promise<Outputs> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...question, id } satisfies OnnxRequest, [...transfer]);
    });
  return {
    ask,
    busy: () => waiting.size,
    async stop() {
      // A thread that has died already has nothing left to release.
      await ask({ type: 'close' }, []).catch(() => undefined);
      await ended;
    },
  };
}

/** Memory that can be handed over: an array's that fills its buffer. Others are copied. */
function wholeBuffer(data: Float32Array | Uint8Array): ArrayBuffer[] {
  const { buffer, byteLength } = data;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
