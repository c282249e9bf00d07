import { unreachable } from '../../../../shared/errors.ts';
import { tensorflowMessages } from '../../runtime/tensorflowMessages.ts';
import type { Attribute, ConstantTensor, DataType, GraphDefNode } from './nodes.ts';

/** tensorflow/core/framework/types.proto. */
export const dataTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  bool: 10,
};

export interface TensorInfo {
  readonly tensor: string;
  readonly dtype: DataType;
  readonly shape: readonly (number | null)[];
}

export interface Signature {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

/** A function of a graph's library: nodes read an argument as `name`, another node's value as `name:output:0`. */
export interface GraphFunction {
  readonly name: string;
  readonly argument: { readonly name: string; readonly type: DataType };
  readonly result: { readonly name: string; readonly type: DataType; readonly value: string };
  readonly nodes: readonly GraphDefNode[];
}

export interface SavedModelParts {
  readonly nodes: readonly GraphDefNode[];
  readonly functions: readonly GraphFunction[];
  readonly signatures: Readonly<Record<string, Signature>>;
}

/** Encodes `saved_model.pb`: one graph tagged `serve` whose weights are constants, so that there are no variables. */
export function encodeSavedModel({ nodes, functions, signatures }: SavedModelParts): Uint8Array {
  const type = tensorflowMessages.lookupType('SavedModel');
  const message = {
    saved_model_schema_version: 1,
    meta_graphs: [
      {
        meta_info_def: { tags: ['serve'], tensorflow_version: '2.15.1' },
        graph_def: {
          node: nodes.map(nodeMessage),
          library: { function: functions.map(functionMessage) },
          // The graph version of TensorFlow 2.4: every operation used has its present meaning since then.
          versions: { producer: 561, min_consumer: 12 },
        },
        signature_def: mapValues(signatures, signatureMessage),
      },
    ],
  };
  return type.encode(type.create(message)).finish();
}

function nodeMessage({ name, op, inputs, attributes, value }: GraphDefNode): object {
  const attr: Record<string, object> = mapValues(attributes, attributeMessage);
  if (value !== null) attr['value'] = { tensor: tensorMessage(value) };
  return { name, op, input: inputs, attr };
}

function functionMessage({ name, argument, result, nodes }: GraphFunction): object {
  return {
    signature: {
      name,
      input_arg: [{ name: argument.name, type: dataTypes[argument.type] }],
      output_arg: [{ name: result.name, type: dataTypes[result.type] }],
    },
    node_def: nodes.map(nodeMessage),
    ret: { [result.name]: result.value },
  };
}

function signatureMessage({ inputs, outputs }: Signature): object {
  const info = ({ tensor, dtype, shape }: TensorInfo): object => ({
    name: `${tensor}:0`,
    dtype: dataTypes[dtype],
    tensor_shape: shapeMessage(shape),
  });
  return {
    inputs: mapValues(inputs, info),
    outputs: mapValues(outputs, info),
    method_name: 'tensorflow/serving/predict',
  };
}

function attributeMessage(attribute: Attribute): object {
  if ('type' in attribute) return { type: dataTypes[attribute.type] };
  if ('types' in attribute) return { list: { type: attribute.types.map((one) => dataTypes[one]) } };
  if ('shape' in attribute) return { shape: shapeMessage(attribute.shape) };
  if ('shapes' in attribute) return { list: { shape: attribute.shapes.map(shapeMessage) } };
  if ('integer' in attribute) return { i: attribute.integer };
  if ('integers' in attribute) return { list: { i: attribute.integers } };
  if ('number' in attribute) return { f: attribute.number };
  if ('flag' in attribute) return { b: attribute.flag };
  if ('text' in attribute) return { s: Buffer.from(attribute.text) };
  if ('texts' in attribute) return { list: { s: attribute.texts.map((text) => Buffer.from(text)) } };
  if ('function' in attribute) return { func: { name: attribute.function } };
  return unreachable(attribute);
}

function tensorMessage({ dtype, shape, data }: ConstantTensor): object {
  return {
    dtype: dataTypes[dtype],
    tensor_shape: shapeMessage(shape),
    tensor_content: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function shapeMessage(shape: readonly (number | null)[]): object {
  return { dim: shape.map((size) => ({ size: size ?? -1 })) };
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  change: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
