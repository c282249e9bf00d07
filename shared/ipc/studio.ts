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
  /** Folder that dropped datasets are copied to. */
  datasets: z.string(),
  backbones: z.array(z.object({ name: z.string(), title: z.string() })),
});
export type Hello = z.infer<typeof helloSchema>;

/** Everything a studio's host sends to its page: the greeting, then the engine's replies. */
export const hostMessageSchema = z.discriminatedUnion('type', [helloSchema, ...replySchema.options]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** Where the page sends a file of a dropped dataset (POST), or forgets the whole of it (DELETE). */
export function uploadUrl(id: string, path?: string): string {
  return `/upload/${id}${path === undefined ? '' : `?${new URLSearchParams({ path }).toString()}`}`;
}

/** The header that carries the page's key with an upload. */
export const tokenHeader = 'x-thaw-token';

/** Where the page finds an image of a dataset that has been inspected. */
export function imageUrl(dataset: string, path: string, token: string): string {
  const query = new URLSearchParams({ dataset, path, token });
  return `/image?${query.toString()}`;
}
