import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import { graphLayerName } from '../../../network/index.ts';
import type { GraphRunner } from '../../../runtime/graphs/graphModel.ts';
import type { TensorFlowRuntime } from '../../../runtime/tensorflow.ts';
import type { Prefix } from '../prefix.ts';
import { scalePixels } from '../scalePixels.ts';

/** A graph that runs in TensorFlow as a prefix; what kept it from being opened is passed on. */
export function prefixOfRunner(
  { tf, description, onGpu }: TensorFlowRuntime,
  opened: Result<GraphRunner>,
  inputShape: readonly [number, number, number],
  preprocess: Preprocess,
): Result<Prefix> {
  if (!opened.ok) return opened;
  const runner = opened.value;
  return ok({
    provider: description,
    ...(onGpu && { device: 'gpu' as const }),
    outputs: [{ layer: graphLayerName, shape: [runner.features] }],
    valuesPerImage: runner.features,
    lanes: 1,
    async run(pixels, count) {
      const features = tf.tidy(() =>
        runner.run(tf.tensor(scalePixels(pixels, preprocess), [count, ...inputShape])),
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
