import { z } from 'zod';
import { replySchema } from './contract.ts';

/** What the page needs to know before it asks for anything. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.string(),
  /** Absolute path of the bundled sample images. */
  sample: z.string(),
  /** Folder in which runs are made. */
  runs: z.string(),
  backbones: z.array(z.object({ name: z.string(), title: z.string() })),
});
export type Hello = z.infer<typeof helloSchema>;

/** Everything a studio's host sends to its page: the greeting, then the engine's replies. */
export const hostMessageSchema = z.discriminatedUnion('type', [helloSchema, ...replySchema.options]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** Where the page finds an image of a dataset that has been inspected. */
export function imageUrl(dataset: string, path: string, token: string): string {
  const query = new URLSearchParams({ dataset, path, token });
  return `/image?${query.toString()}`;
}
