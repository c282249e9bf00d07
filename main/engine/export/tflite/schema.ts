/** Numbers of TensorFlow Lite's schema, version 3 (tensorflow/lite/schema/schema.fbs). */

export const tensorTypes = { float32: 0, float16: 1, int32: 2, bool: 6, int8: 9 } as const;
export type TensorType = keyof typeof tensorTypes;

export const fusedActivations = { none: 0, relu: 1, relu6: 3 } as const;
export const paddings = { same: 0, valid: 1 } as const;

export interface OperatorFacts {
  /** BuiltinOperator. */
  readonly code: number;
  /** BuiltinOptions; 0: none. */
  readonly options: number;
  /** Version of the operator for floats, and for int8; null where whole numbers are not computed with it. */
  readonly versions: readonly [float: number, int8: number | null];
}

/** The operators the exporter uses, with the versions of tensorflow/lite/tools/versioning/op_version.cc. */
export const operators = {
  ADD: { code: 0, options: 11, versions: [1, 2] },
  AVERAGE_POOL_2D: { code: 1, options: 5, versions: [1, 2] },
  CONCATENATION: { code: 2, options: 10, versions: [1, 2] },
  CONV_2D: { code: 3, options: 1, versions: [1, 3] },
  DEPTHWISE_CONV_2D: { code: 4, options: 2, versions: [1, 3] },
  DEQUANTIZE: { code: 6, options: 38, versions: [3, 2] },
  FULLY_CONNECTED: { code: 9, options: 8, versions: [1, 4] },
  LOGISTIC: { code: 14, options: 0, versions: [1, 2] },
  MAX_POOL_2D: { code: 17, options: 5, versions: [1, 2] },
  MUL: { code: 18, options: 21, versions: [1, 2] },
  RELU: { code: 19, options: 0, versions: [1, 2] },
  RELU6: { code: 21, options: 0, versions: [1, 2] },
  RESHAPE: { code: 22, options: 17, versions: [1, 1] },
  SOFTMAX: { code: 25, options: 9, versions: [1, 2] },
  TANH: { code: 28, options: 0, versions: [1, 2] },
  PAD: { code: 34, options: 22, versions: [1, 2] },
  TRANSPOSE: { code: 39, options: 26, versions: [1, 2] },
  MEAN: { code: 40, options: 27, versions: [1, 2] },
  SUB: { code: 41, options: 28, versions: [1, 2] },
  CAST: { code: 53, options: 37, versions: [1, null] },
  MAXIMUM: { code: 55, options: 39, versions: [1, 2] },
  MINIMUM: { code: 57, options: 39, versions: [1, 2] },
  GREATER_EQUAL: { code: 62, options: 45, versions: [1, null] },
  SLICE: { code: 65, options: 48, versions: [1, 2] },
  LOG: { code: 73, options: 0, versions: [1, null] },
  RSQRT: { code: 76, options: 0, versions: [1, null] },
  REDUCE_MAX: { code: 82, options: 27, versions: [1, 2] },
  RESIZE_NEAREST_NEIGHBOR: { code: 97, options: 74, versions: [1, 2] },
  LEAKY_RELU: { code: 98, options: 75, versions: [1, 2] },
  ELU: { code: 111, options: 0, versions: [1, null] },
  QUANTIZE: { code: 114, options: 89, versions: [1, 2] },
  GELU: { code: 150, options: 116, versions: [1, null] },
} as const satisfies Readonly<Record<string, OperatorFacts>>;
export type OperatorName = keyof typeof operators;
