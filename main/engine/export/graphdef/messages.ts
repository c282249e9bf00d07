import protobuf from 'protobufjs';
import { unreachable } from '../../../../shared/errors.ts';
import type { Attribute, ConstantTensor, DataType, GraphDefNode } from './nodes.ts';

/**
 * The part of TensorFlow's protocol buffers that an inference SavedModel needs; names and field numbers are those of
 * tensorflow/core/framework/{graph,node_def,attr_value,tensor,function,op_def}.proto and
 * tensorflow/core/protobuf/{meta_graph,saved_model}.proto.
 */
const schema = `
syntax = "proto3";
message TensorShapeProto {
  message Dim { int64 size = 1; string name = 2; }
  repeated Dim dim = 2;
  bool unknown_rank = 3;
}
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; }
message NameAttrList { string name = 1; }
message AttrValue {
  message ListValue {
    repeated bytes s = 2;
    repeated int64 i = 3;
    repeated int32 type = 6;
    repeated TensorShapeProto shape = 7;
  }
  oneof value {
    ListValue list = 1;
    bytes s = 2;
    int64 i = 3;
    float f = 4;
    bool b = 5;
    int32 type = 6;
    TensorShapeProto shape = 7;
    TensorProto tensor = 8;
    NameAttrList func = 10;
  }
}
message NodeDef { string name = 1; string op = 2; repeated string input = 3; map<string, AttrValue> attr = 5; }
message ArgDef { string name = 1; int32 type = 3; }
message OpDef { string name = 1; repeated ArgDef input_arg = 2; repeated ArgDef output_arg = 3; }
message FunctionDef { OpDef signature = 1; repeated NodeDef node_def = 3; map<string, string> ret = 4; }
message FunctionDefLibrary { repeated FunctionDef function = 1; }
message VersionDef { int32 producer = 1; int32 min_consumer = 2; }
message GraphDef { repeated NodeDef node = 1; FunctionDefLibrary library = 2; VersionDef versions = 4; }
message TensorInfo { string name = 1; int32 dtype = 2; TensorShapeProto tensor_shape = 3; }
message SignatureDef { map<string, TensorInfo> inputs = 1; map<string, TensorInfo> outputs = 2; string method_name = 3; }
message MetaInfoDef { string meta_graph_version = 1; repeated string tags = 4; string tensorflow_version = 5; }
message MetaGraphDef { MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2; map<string, SignatureDef> signature_def = 5; }
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
`;

const root = protobuf.parse(schema, { keepCase: true }).root;

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
  const type = root.lookupType('SavedModel');
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
