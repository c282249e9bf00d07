import type { Preprocess } from '../../../../shared/domain/network.ts';
import { unreachable } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import { graphLayerName } from '../../network/index.ts';
import type { GraphDescription } from '../../runtime/graphModel.ts';
import { openGraphModel } from '../../runtime/graphModel.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { Prefix } from './prefix.ts';

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

const torchMean = [0.485, 0.456, 0.406];
const torchDeviation = [0.229, 0.224, 0.225];
const caffeMean = [103.939, 116.779, 123.68];

/** RGB bytes scaled as Keras's `imagenet_utils.preprocess_input` does in the mode of that name. */
export function scalePixels(pixels: Uint8Array, mode: Preprocess): Float32Array {
  switch (mode) {
    case 'none':
      return Float32Array.from(pixels);
    case 'unit':
      return Float32Array.from(pixels, (value) => value / 255);
    case 'tf':
      return Float32Array.from(pixels, (value) => value / 127.5 - 1);
    case 'torch':
      return Float32Array.from(
        pixels,
        (value, index) => (value / 255 - (torchMean[index % 3] ?? 0)) / (torchDeviation[index % 3] ?? 1),
      );
    case 'caffe':
      return Float32Array.from(pixels, (_, index) => {
        const channel = index % 3;
        return (pixels[index - channel + (2 - channel)] ?? 0) - (caffeMean[channel] ?? 0);
      });
    default:
      return unreachable(mode);
  }
}
