import { tensorflowMessages } from '../../../../runtime/tensorflowMessages.ts';

/** A tensor that is written into a graph. */
export interface TensorMessage {
  readonly dtype: number;
  readonly tensor_shape: { readonly dim: readonly { readonly size: unknown }[] } | null;
  readonly tensor_content: Uint8Array;
  readonly float_val?: readonly number[];
  readonly string_val?: readonly Uint8Array[];
  readonly int_val?: readonly number[];
}

/** A setting of an operation; one of these is there. */
export interface AttributeMessage {
  readonly tensor?: TensorMessage;
  readonly func?: { readonly name: string };
  readonly s?: Uint8Array;
  readonly type?: number;
  readonly placeholder?: string;
  readonly list?: object;
}

export interface NodeMessage {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeMessage>>;
}

export interface FunctionMessage {
  readonly signature: {
    readonly name: string;
    readonly input_arg: readonly { readonly name: string }[];
    readonly output_arg: readonly { readonly name: string }[];
  } | null;
  readonly node_def: readonly NodeMessage[];
  readonly ret: Readonly<Record<string, string>>;
}

export interface TensorInfoMessage {
  readonly name: string;
  readonly dtype: number;
  readonly tensor_shape: {
    readonly dim: readonly { readonly size: unknown }[];
    readonly unknown_rank: boolean;
  } | null;
}

export interface MetaGraphMessage {
  readonly meta_info_def: { readonly tags: readonly string[] } | null;
  readonly graph_def: {
    readonly node: readonly NodeMessage[];
    readonly library: { readonly function: readonly FunctionMessage[] } | null;
  } | null;
  readonly saver_def: { readonly restore_op_name: string } | null;
  readonly signature_def: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, TensorInfoMessage>>;
        readonly outputs: Readonly<Record<string, TensorInfoMessage>>;
      }
    >
  >;
}

/** Throws for bytes that are no SavedModel. */
export function decodeSavedModel(bytes: Uint8Array): readonly MetaGraphMessage[] {
  const message = tensorflowMessages.lookupType('SavedModel').decode(bytes) as unknown as {
    meta_graphs: readonly MetaGraphMessage[];
  };
  return message.meta_graphs;
}
