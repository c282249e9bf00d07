import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxFeeds, OnnxOutput, OnnxReply, OnnxRequest, OnnxTensor } from './protocol.ts';

/**
 * Entry of the thread a session runs in: ONNX Runtime's Node binding computes on the thread that asks, which would
 * otherwise be the one that hands out images to decode.
 */

const port = parentPort;
if (port === null) throw new Error('The ONNX worker runs in a worker thread.');
let session: InferenceSession | null = null;

port.on('message', (request: OnnxRequest) => {
  void answer(request).then((reply) => {
    const outputs = reply.type === 'done' ? Object.values(reply.outputs) : [];
    port.postMessage(
      reply,
      outputs.map(({ data }) => data.buffer as ArrayBuffer),
    );
    if (request.type === 'close') port.close();
  });
});

async function answer(request: OnnxRequest): Promise<OnnxReply> {
  const { id } = request;
  try {
    switch (request.type) {
      case 'open':
        session = await InferenceSession.create(request.model, {
          executionProviders: ['cpu'],
          graphOptimizationLevel: 'all',
          intraOpNumThreads: request.threads,
          logSeverityLevel: 3,
        });
        return { type: 'done', id, outputs: {} };
      case 'run':
        return { type: 'done', id, outputs: await run(request.feeds) };
      case 'close':
        await session?.release();
        session = null;
        return { type: 'done', id, outputs: {} };
    }
  } catch (cause) {
    return { type: 'failed', id, message: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** One image a call: a layer's values then stay in the processor's cache, which is worth more than a batch. */
async function run(feeds: OnnxFeeds): Promise<Record<string, OnnxOutput>> {
  if (session === null) throw new Error('The session is not open');
  const count = Math.min(...Object.values(feeds).map(({ shape }) => shape[0] ?? 0));
  const outputs: Record<string, OnnxOutput> = {};
  for (let row = 0; row < count; row += 1) {
    const one = Object.entries(feeds).map(([name, tensor]) => [name, rowOf(tensor, row)] as const);
    for (const [name, value] of Object.entries(await session.run(Object.fromEntries(one)))) {
      if (!(value.data instanceof Float32Array)) throw new Error(`Output ${name} is not float32`);
      outputs[name] ??= {
        shape: [count, ...value.dims.slice(1)],
        data: new Float32Array(count * value.data.length),
      };
      outputs[name].data.set(value.data, row * value.data.length);
    }
  }
  return outputs;
}

function rowOf({ shape, data }: OnnxTensor, row: number): Tensor {
  const [count = 1, ...rest] = shape;
  const size = data.length / count;
  const part = data.subarray(row * size, (row + 1) * size);
  return part instanceof Uint8Array
    ? new Tensor('uint8', part, [1, ...rest])
    : new Tensor('float32', part, [1, ...rest]);
}
