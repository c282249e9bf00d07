/** What carries messages between the page and its host. Messages are values that JSON could hold. */
export interface Transport {
  /** Whether the messages go to the desktop application itself. */
  readonly shell: 'window' | 'browser';
  /** Key that addresses of images and uploads carry; empty where none is needed. */
  readonly token: string;
  /** Opens the connection and keeps it open; called once. */
  open(listener: TransportListener): void;
  /** False when there is no connection now. */
  send(message: unknown): boolean;
  /** Path on disk of a DOM `File`; null where a page cannot know it. */
  pathOf(file: object): string | null;
}

export interface TransportListener {
  /** After the first connection, and after each one that followed a loss. */
  opened(): void;
  message(message: unknown): void;
  /** The connection was lost: what was asked and not answered will not be. */
  lost(): void;
}
