import os from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';

export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

/** A loaded ONNX model. */
export interface OnnxSession {
  /** What computes, in ONNX Runtime's words: "cpu", "cuda"… */
  readonly provider: string;
  /** Outputs are float32. */
  run(
    inputs: Readonly<Record<string, OnnxTensor>>,
  ): Promise<Record<string, { shape: readonly number[]; data: Float32Array }>>;
  dispose(): Promise<void>;
}

/** Loads a model from memory. Errors: engine-unsupported when ONNX Runtime refuses it. */
export async function openOnnxSession(
  model: Uint8Array,
  options: { readonly threads?: number } = {},
): Promise<Result<OnnxSession>> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: options.threads ?? os.availableParallelism(),
      logSeverityLevel: 3,
      // Waiting threads sleep: the cores they would keep busy decode the next images.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    return err(
      thawError('engine-unsupported', 'ONNX Runtime does not load the frozen layers.', {
        found: cause instanceof Error ? cause.message : String(cause),
      }),
    );
  }
  return ok({
    provider: 'cpu',
    async run(inputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, data }]) => [
          name,
          data instanceof Uint8Array ? new Tensor('uint8', data, shape) : new Tensor('float32', data, shape),
        ]),
      );
      const outputs = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { dims, data }]) => {
          if (!(data instanceof Float32Array)) throw new Error(`Output ${name} is not float32`);
          return [name, { shape: dims, data }];
        }),
      );
    },
    dispose: () => session.release(),
  });
}
