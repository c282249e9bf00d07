import { z } from 'zod';
import { count, preprocessSchema, shape } from '../values.ts';

/** `thaw inspect MODEL --json`. */
export const modelReportSchema = z.object({
  name: z.string(),
  /** `layers`: can be frozen and thawed; `graph`: inference only, a backbone that is always frozen. */
  kind: z.enum(['layers', 'graph']),
  /** [height, width, channels]. */
  inputShape: shape,
  outputShape: shape.nullable(),
  /** How pixels are scaled, where the model says so. */
  preprocess: preprocessSchema.nullable(),
  parameters: count.nullable(),
  weightsHash: z.string(),
  layers: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      block: z.string(),
      inputs: z.array(z.string()).readonly(),
      outputShape: shape,
      /** Its Keras configuration, without names, initializers and regularizers. */
      config: z.record(z.string(), z.json()).readonly(),
      /** Keras's names and shapes. */
      weights: z.array(z.object({ name: z.string(), shape })).readonly(),
      parameters: count,
      /** Parameters that training changes when the layer is thawed. */
      trainable: count,
      /** For one image, as papers count them. */
      multiplyAdds: count,
    }),
  ),
  blocks: z.array(z.object({ name: z.string(), layers: count, outputShape: shape, parameters: count })),
  /** Layers of the model's own classifier: a training puts a new head in their place. */
  replaced: z.array(z.string()).readonly(),
  /** What thawing from a block's first layer to the output trains: Keras's counts. */
  boundaries: z.array(z.object({ block: z.string(), thawFrom: z.string(), trainable: count, frozen: count })),
  /** What a graph is made of; null for layers. */
  graph: z
    .object({
      format: z.enum(['GraphModel', 'ONNX', 'SavedModel']),
      operations: count,
      outputs: z.array(z.string()).readonly(),
      /** The value that serves as features. */
      features: z.string(),
      /** Whether it takes images of any size, and `inputShape` is only usual. */
      anySize: z.boolean(),
      /** The scaling that is assumed when neither it nor the user tells. */
      usualPreprocess: preprocessSchema,
    })
    .nullable()
    .default(null),
});
export type ModelReport = z.infer<typeof modelReportSchema>;
