import { tensorflowMessages } from '../tensorflowMessages.ts';

const savedModel = tensorflowMessages.lookupType('SavedModel');

/** DataType numbers. */
export const dataType = { float32: 1, int32: 3, uint8: 4, bool: 10 } as const;
export type DataTypeName = keyof typeof dataType;

/** An AttrValue with one of its fields. */
export type AttrValue = object;

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** "node", "node:output", or "^node" for a node that must have run before. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

export interface TensorInfo {
  /** "node:output". */
  readonly name: string;
  readonly dtype: number;
  readonly tensor_shape: object;
}

export interface SignatureDef {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

export function shapeMessage(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size })) };
}

/** The version of the operations' meaning (graph.proto, VersionDef): of 2022; every later TensorFlow reads it. */
const producer = 1286;

/** The bytes of a saved_model.pb whose graph is tagged "serve". */
export function encodeSavedModel(
  nodes: readonly NodeDef[],
  signatures: Readonly<Record<string, SignatureDef>>,
): Uint8Array {
  const named = Object.entries(signatures).map(
    ([name, signature]) => [name, { ...signature, method_name: 'tensorflow/serving/predict' }] as const,
  );
  const message = {
    saved_model_schema_version: 1,
    meta_graphs: [
      {
        meta_info_def: { tags: ['serve'], tensorflow_version: '2.15.1' },
        graph_def: { node: nodes, versions: { producer } },
        signature_def: Object.fromEntries(named),
      },
    ],
  };
  return savedModel.encode(message).finish();
}
