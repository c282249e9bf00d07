import { z } from 'zod';
import { replySchema, requestSchema } from '../contract.ts';
import type { Rendition } from '../dataset/images.ts';
import { renditionText } from '../dataset/images.ts';
import { hostKindSchema, hostReplySchema, hostRequestSchema } from './host.ts';

/** What the page needs to know before it asks for anything. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.string(),
  /** Absolute path of the bundled sample images. */
  sample: z.string(),
  /** Folder in which runs are made while no project is open. */
  runs: z.string(),
  /** Folder in which a dataset that is opened gets its project. */
  projects: z.string(),
  /** Folder that dropped datasets are copied to. */
  datasets: z.string(),
  backbones: z.array(z.object({ name: z.string(), title: z.string() })),
  host: hostKindSchema,
  /** The training that is under way, and the folder of its run: whoever comes joins it. */
  training: z.object({ jobId: z.string(), run: z.string() }).nullable(),
});
export type Hello = z.infer<typeof helloSchema>;
/** What a host tells every page alike; the training is what it is when a page comes. */
export type Greeting = Omit<Hello, 'training'>;

/** Everything a page sends: requests to the engine, and to the host itself. */
export const pageRequestSchema = z.discriminatedUnion('type', [
  ...requestSchema.options,
  ...hostRequestSchema.options,
]);
export type PageRequest = z.infer<typeof pageRequestSchema>;

/** Everything a studio's host sends to its page: the greeting, the engine's replies, the host's own. */
export const hostMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  ...replySchema.options,
  ...hostReplySchema.options,
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** What the window's preload script gives the page as `thawWindow`; in a browser there is none. */
export interface WindowBridge {
  /** Opens the page's connection; the host greets with `hello`. A second call replaces the first. */
  connect(onMessage: (message: unknown) => void): void;
  /** Sends a `PageRequest`. */
  send(request: unknown): void;
  /** Path of a DOM `File` on disk; empty for one made in memory. */
  pathOf(file: object): string;
}

/** Where the page sends a file of a dropped dataset (POST), or forgets the whole of it (DELETE). */
export function uploadUrl(id: string, path?: string): string {
  return `/upload/${id}${path === undefined ? '' : `?${new URLSearchParams({ path }).toString()}`}`;
}

/** The header that carries the page's key with an upload. */
export const tokenHeader = 'x-thaw-token';

/** How the page wants an image. `version` names its content, so that the page may keep it. */
export interface ImageWish {
  readonly rendition?: Rendition;
  readonly version?: string;
}

/** Where the page finds an image of a dataset that has been inspected; a small thumbnail unless it wishes otherwise. */
export function imageUrl(dataset: string, path: string, token: string, wish: ImageWish = {}): string {
  const { rendition = { as: 'thumbnail', side: 192 }, version } = wish;
  const query = new URLSearchParams({ dataset, path, as: renditionText(rendition), token });
  if (version !== undefined) query.set('v', version);
  return `/image?${query.toString()}`;
}

/** Where the page finds an export that was just made, as a zip. */
export function exportUrl(directory: string, token: string): string {
  return `/export?${new URLSearchParams({ directory, token }).toString()}`;
}
