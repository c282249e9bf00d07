import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Raised when decoding, resizing, views or the frozen layers' arithmetic change. */
const version = 2;

export const featureKeySchema = z.object({
  version: z.literal(version),
  /** For people: the network's name. Decides nothing. */
  backbone: z.string(),
  /** Of the frozen weights; empty where the pixels themselves are kept. */
  weightsHash: z.string(),
  /** Layers whose outputs are kept, one after the other. */
  frontier: z.array(z.string()).readonly(),
  valuesPerImage: z.number().int().positive(),
  preprocess: z.enum(['tf', 'torch', 'caffe', 'unit', 'none']),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  resize: z.enum(['squash', 'crop', 'pad']),
  /** Which random variation of each image; null: the images themselves. */
  view: z
    .object({
      strength: z.enum(['light', 'strong']),
      flip: z.boolean(),
      seed: z.number(),
      number: z.number().int().min(0),
    })
    .nullable(),
  encoding: z.enum(['float32', 'float16', 'pixels']),
  /**
   * Told where the features come from a GPU: it multiplies with ten bits of mantissa (TF32), and what it gives is kept apart.
   * On a processor TensorFlow and ONNX Runtime agree within float32's rounding, and their features stand for each other.
   */
  device: z.literal('gpu').optional(),
});

/** Everything that decides a feature's value, besides the image's bytes. */
export type FeatureKey = Readonly<Omit<z.infer<typeof featureKeySchema>, 'version'>>;

/** The folder name of the features with this key. */
export function cacheName(key: FeatureKey): string {
  const deciding = featureKeySchema.omit({ backbone: true }).parse({ ...key, version });
  return createHash('sha256').update(JSON.stringify(deciding)).digest('hex').slice(0, 32);
}

/** The key as it is written beside the features. */
export function describeKey(key: FeatureKey): string {
  return `${JSON.stringify({ version, ...key }, null, 2)}\n`;
}
