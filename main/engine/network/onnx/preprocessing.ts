import type { Preprocess } from '../../../../shared/domain/network.ts';
import { unreachable } from '../../../../shared/errors.ts';
import { perChannel } from './emission.ts';
import type { GraphBuilder } from './graphBuilder.ts';

const image = [0, 0, 3];

/** Scales [N, 3, H, W] RGB of 0–255 as Keras's `imagenet_utils.preprocess_input` does in the mode of that name. */
export function emitPreprocess(graph: GraphBuilder, mode: Preprocess, pixels: string): string {
  const constant = (...values: number[]): string => perChannel(graph, Float32Array.from(values), image);
  switch (mode) {
    case 'none':
      return pixels;
    case 'unit':
      return graph.node('Div', [pixels, graph.scalar(255)]);
    case 'tf':
      return graph.node('Sub', [graph.node('Div', [pixels, graph.scalar(127.5)]), graph.scalar(1)]);
    case 'torch': {
      const unit = graph.node('Div', [pixels, graph.scalar(255)]);
      const centred = graph.node('Sub', [unit, constant(0.485, 0.456, 0.406)]);
      return graph.node('Div', [centred, constant(0.229, 0.224, 0.225)]);
    }
    case 'caffe': {
      const blueFirst = graph.node('Gather', [pixels, graph.integers([2, 1, 0])], { axis: 1 });
      return graph.node('Sub', [blueFirst, constant(103.939, 116.779, 123.68)]);
    }
    default:
      return unreachable(mode);
  }
}
