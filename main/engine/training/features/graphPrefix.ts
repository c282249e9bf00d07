import type { Preprocess } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import { graphLayerName } from '../../network/index.ts';
import type { GraphDescription } from '../../runtime/graphModel.ts';
import { openGraphModel } from '../../runtime/graphModel.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { Prefix } from './prefix.ts';
import { scalePixels } from './scalePixels.ts';

/** A GraphModel as a prefix: it runs in TensorFlow as it is. Errors: engine-unsupported. */
export async function openGraphPrefix(
  tf: Tf,
  graph: GraphDescription,
  preprocess: Preprocess,
  trainer: string,
  outputNode?: string,
): Promise<Result<Prefix>> {
  const opened = await openGraphModel(tf, graph, outputNode);
  if (!opened.ok) return opened;
  const runner = opened.value;
  return ok({
    provider: trainer,
    outputs: [{ layer: graphLayerName, shape: [runner.features] }],
    valuesPerImage: runner.features,
    lanes: 1,
    async run(pixels, count) {
      const features = tf.tidy(() =>
        runner.run(tf.tensor(scalePixels(pixels, preprocess), [count, ...graph.inputShape])),
      );
      const values = (await features.data()) as Float32Array;
      features.dispose();
      return values;
    },
    dispose() {
      runner.dispose();
      return Promise.resolve();
    },
  });
}
