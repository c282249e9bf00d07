import type { Layer } from '../../../../shared/domain/network.ts';
import type { WeightArray } from '../../network/index.ts';
import type { LoweringBuilder } from './builder.ts';
import type { NodeId } from './graph.ts';

/** What the lowering of one layer sees. */
export interface Lowering {
  readonly graph: LoweringBuilder;
  readonly layer: Layer;
  input(index?: number): NodeId;
  /** Without the batch. */
  inputShape(index?: number): readonly number[];
  /** Whether only this layer reads the input, so that the node behind it may be changed. */
  owns(index?: number): boolean;
  weight(name: string): WeightArray;
}

/** Adds a layer's operations and returns the node of its value. */
export type LowerLayer = (lowering: Lowering) => NodeId;
