import { unreachable } from '../../../../shared/errors.ts';
import type { Attribute, DataType, GraphDefNode } from '../graphdef/nodes.ts';

/** TensorFlow's graph format in the JSON form of protocol buffers, as TensorFlow.js reads it. */

const types: Readonly<Record<DataType, string>> = {
  float32: 'DT_FLOAT',
  int32: 'DT_INT32',
  uint8: 'DT_UINT8',
  string: 'DT_STRING',
  bool: 'DT_BOOL',
};

/** A node; the value of a Const is left out, because it lies in the weight files under the node's name. */
export function nodeJson({ name, op, inputs, attributes }: GraphDefNode): object {
  const attr = Object.fromEntries(
    Object.entries(attributes).map(([key, attribute]) => [key, attributeJson(attribute)]),
  );
  return { name, op, ...(inputs.length > 0 && { input: inputs }), attr };
}

export function tensorJson(name: string, shape: readonly (number | null)[]): object {
  return { name: `${name}:0`, dtype: types.float32, tensorShape: shapeJson(shape) };
}

function attributeJson(attribute: Attribute): object {
  if ('type' in attribute) return { type: types[attribute.type] };
  if ('types' in attribute) return { list: { type: attribute.types.map((one) => types[one]) } };
  if ('shape' in attribute) return { shape: shapeJson(attribute.shape) };
  if ('shapes' in attribute) return { list: { shape: attribute.shapes.map(shapeJson) } };
  if ('integer' in attribute) return { i: `${attribute.integer}` };
  if ('integers' in attribute) return { list: { i: attribute.integers.map(String) } };
  if ('number' in attribute) return { f: attribute.number };
  if ('flag' in attribute) return { b: attribute.flag };
  if ('text' in attribute) return { s: base64(attribute.text) };
  if ('texts' in attribute) return { list: { s: attribute.texts.map(base64) } };
  if ('function' in attribute) return { func: { name: attribute.function } };
  return unreachable(attribute);
}

function shapeJson(shape: readonly (number | null)[]): object {
  return { dim: shape.map((size) => ({ size: `${size ?? -1}` })) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
