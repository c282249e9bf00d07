/** What passes between a session and its worker thread. */

export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

/** What a model is given, by the names of its inputs; all have the same number of rows. */
export type OnnxFeeds = Readonly<Record<string, OnnxTensor>>;

export interface OnnxOutput {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type OnnxRequest =
  | { readonly type: 'open'; readonly id: number; readonly model: Uint8Array; readonly threads: number }
  | { readonly type: 'run'; readonly id: number; readonly feeds: OnnxFeeds }
  | { readonly type: 'close'; readonly id: number };

export type OnnxReply =
  | { readonly type: 'done'; readonly id: number; readonly outputs: Readonly<Record<string, OnnxOutput>> }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
