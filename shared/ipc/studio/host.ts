import { z } from 'zod';
import type { Result } from '../../result.ts';

/**
 * What a page asks of the program around it rather than of the engine: dialogs, the file manager, recents. The window
 * has all of it; `thaw serve` has what makes sense on another machine, and `HostAbilities` says what that is.
 */

/** What a dialog may be opened for. `save-folder` is a folder to write into, the others are things to read. */
export const choices = ['dataset-folder', 'dataset-file', 'model', 'images', 'save-folder'] as const;
export type Choice = (typeof choices)[number];

export const recentSchema = z.object({
  kind: z.enum(['dataset', 'run', 'project']),
  /** Absolute path on the engine's machine. */
  path: z.string().min(1).max(4096),
  name: z.string().max(255),
  /** When it was opened last, ISO 8601. */
  opened: z.iso.datetime(),
});
export type Recent = z.infer<typeof recentSchema>;

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const id = z.number().int();
const path = recentSchema.shape.path;

/** Requests to the host. Each is answered once, by `id`; ids are shared with the requests to the engine. */
export const hostRequestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('choose'), id, choice: z.enum(choices) }),
  z.object({ type: z.literal('reveal'), id, path }),
  z.object({ type: z.literal('recents'), id }),
  z.object({ type: z.literal('add-recent'), id, recent: recentSchema.omit({ opened: true }) }),
  z.object({ type: z.literal('forget-recent'), id, path }),
  z.object({ type: z.literal('notify'), id, title: z.string().max(200), body: z.string().max(1000) }),
  z.object({ type: z.literal('theme'), id, theme: z.enum(themes) }),
]);
export type HostRequest = z.infer<typeof hostRequestSchema>;

/** What the host tells a page unasked: a choice in the window's menu, a file opened from the desktop. */
export const commandSchema = z.discriminatedUnion('name', [
  /** A dataset: a folder, zip or CSV. */
  z.object({ name: z.literal('open'), path: z.string() }),
  z.object({ name: z.literal('open-sample') }),
  z.object({ name: z.literal('go'), station: z.enum(['data', 'network', 'training', 'insight', 'export']) }),
  z.object({ name: z.enum(['train', 'pause', 'stop']) }),
  z.object({ name: z.literal('theme'), theme: z.enum(themes) }),
]);
export type HostCommand = z.infer<typeof commandSchema>;

/** The host's answers; a refusal comes as the engine's do. */
export const hostReplySchema = z.discriminatedUnion('type', [
  /** No paths: the dialog was dismissed. */
  z.object({ type: z.literal('chosen'), id, paths: z.array(z.string()) }),
  /** Newest first. Answers `recents`, `add-recent` and `forget-recent`. */
  z.object({ type: z.literal('recents'), id, recents: z.array(recentSchema) }),
  z.object({ type: z.literal('done'), id }),
  z.object({ type: z.literal('command'), command: commandSchema }),
]);
export type HostReply = z.infer<typeof hostReplySchema>;

/** What a host can do, told in its greeting. */
export const hostKindSchema = z.object({
  /** `window`: the desktop application; `browser`: `thaw serve`. */
  shell: z.enum(['window', 'browser']),
  /** Whether `choose` opens a dialog. Otherwise the page offers its own: an upload, or a field for a path. */
  canChoose: z.boolean(),
  /** Whether `reveal` shows a file in the file manager. */
  canReveal: z.boolean(),
});
export type HostKind = z.infer<typeof hostKindSchema>;

/** A host as the page's stations use it (`host()` in renderer/bridge). */
export interface HostAbilities extends HostKind {
  /** Opens a dialog and gives the chosen absolute paths, none when it was dismissed. Errors: engine-unsupported. */
  choose(choice: Choice): Promise<Result<readonly string[]>>;
  /** Shows a file or folder in the file manager. Errors: input-missing, engine-unsupported. */
  reveal(path: string): Promise<Result<void>>;
  /**
   * Absolute path of a dropped or chosen file or folder, null where the page cannot know it (in a browser, and for
   * files that were made in memory): then its bytes are uploaded. `file` is a DOM `File`.
   */
  pathOf(file: object): string | null;
  /** Recently opened things, newest first, kept by the host between sessions. */
  recents(): Promise<Result<readonly Recent[]>>;
  /** Puts something first in the list; call it when it has been opened with success. */
  addRecent(recent: Omit<Recent, 'opened'>): Promise<Result<readonly Recent[]>>;
  forgetRecent(path: string): Promise<Result<readonly Recent[]>>;
  /** Tells someone who is looking elsewhere. In a browser only after the page was allowed to. */
  notify(title: string, body: string): void;
  /** Makes the window's frame and dialogs follow the page's theme. */
  setTheme(theme: Theme): void;
}
