import { z } from 'zod';
import { ok } from '../../../../shared/result.ts';
import { layerKind } from './layerKind.ts';

/** The class name of the one layer that stands for a whole GraphModel. */
export const graphFeaturesClass = 'GraphFeatures';

/** A GraphModel as a single frozen layer: its value is always fed, from running the graph. */
export const graphFeatures = layerKind({
  config: z.object({ features: z.number().int().positive() }),
  infer: (config) => ok({ outputShape: [config.features], weights: [] }),
  compute() {
    throw new Error('The value of a GraphModel is fed, not computed layer by layer');
  },
});
