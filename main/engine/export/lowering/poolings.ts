import { globalConfig, windowConfig } from '../../network/layers/pooling.ts';
import type { NodeId } from './graph.ts';
import type { Lowering, LowerLayer } from './lowering.ts';

export function lowerPooling(op: 'maxPool' | 'averagePool'): LowerLayer {
  return ({ graph, layer, input }) => {
    const { pool_size: window, strides, padding } = windowConfig.parse(layer.config);
    return graph.add({ op, window, strides, padding }, [input()], layer.outputShape);
  };
}

export function lowerGlobal(op: 'mean' | 'max'): LowerLayer {
  return ({ graph, layer, input }: Lowering): NodeId => {
    const keepDimensions = globalConfig.parse(layer.config).keepdims;
    return graph.add({ op, axes: [1, 2], keepDimensions }, [input()], layer.outputShape);
  };
}
