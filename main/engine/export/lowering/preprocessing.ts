import type { Preprocess } from '../../../../shared/domain/network.ts';
import { unreachable } from '../../../../shared/errors.ts';
import type { LoweringBuilder } from './builder.ts';
import type { NodeId } from './graph.ts';

const torch = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
const caffeMean = [103.939, 116.779, 123.68];

/** Scales an image of 0–255 as Keras's `imagenet_utils.preprocess_input` does in the mode of that name. */
export function lowerPreprocess(graph: LoweringBuilder, mode: Preprocess, image: NodeId): NodeId {
  switch (mode) {
    case 'none':
      return image;
    case 'unit':
      return graph.scaled(image, 1 / 255);
    case 'tf':
      return graph.shifted(graph.scaled(image, 1 / 127.5), -1);
    case 'torch': {
      const { mean, deviation } = torch;
      const scale = Float32Array.from(deviation, (value) => 1 / (255 * value));
      const shift = Float32Array.from(mean, (value, index) => -value / (deviation[index] ?? 1));
      return graph.shifted(graph.scaled(image, scale), shift);
    }
    case 'caffe': {
      const [height = 1, width = 1] = graph.node(image).shape;
      const channel = (index: number): NodeId =>
        graph.add({ op: 'slice', begin: [0, 0, index] }, [image], [height, width, 1]);
      const blueFirst = graph.add(
        { op: 'concatenate', axis: 3 },
        [channel(2), channel(1), channel(0)],
        [height, width, 3],
      );
      return graph.shifted(
        blueFirst,
        Float32Array.from(caffeMean, (value) => -value),
      );
    }
    default:
      return unreachable(mode);
  }
}
