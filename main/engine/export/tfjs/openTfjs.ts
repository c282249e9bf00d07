import { createRequire } from 'node:module';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import { tfjsFiles } from '../../runtime/tfjsFiles.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { OpenedExport } from '../exporter.ts';

const require = createRequire(import.meta.url);

/** Loads a TensorFlow.js model from a folder with TensorFlow.js's own loader. Errors: engine-unsupported. */
export async function openTfjs(
  folder: string,
  imageSize: number,
  kind: 'layers' | 'graph',
): Promise<Result<OpenedExport>> {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) return runtime;
  const { tf } = runtime.value;
  try {
    const files = tfjsFiles(folder);
    const model = kind === 'layers' ? await tf.loadLayersModel(files) : await tf.loadGraphModel(files);
    return ok({
      runtime: `tfjs ${tfjsVersion()}`,
      async run(pixels, count) {
        const output = tf.tidy(() => {
          const image = tf.tensor(Float32Array.from(pixels), [count, imageSize, imageSize, 3]);
          return model.predict(image) as Tensor;
        });
        const values = (await output.data()) as Float32Array;
        output.dispose();
        return values;
      },
      dispose() {
        model.dispose();
        return Promise.resolve();
      },
    });
  } catch (cause) {
    return err(
      thawError('engine-unsupported', 'TensorFlow.js does not load the export.', {
        found: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Please report this with the layers of the network.',
        ...(cause instanceof Error && cause.stack !== undefined && { detail: cause.stack }),
      }),
    );
  }
}

function tfjsVersion(): string {
  const { version } = require('@tensorflow/tfjs-node-gpu/package.json') as { version: string };
  return version;
}
