/** What the importer knows of the operations that Keras records between layers. */
export type OperationName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'biasAdd'
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'clip'
  | 'gelu'
  | 'activation'
  | 'softmax'
  | 'mean'
  | 'max'
  | 'concatenate'
  | 'stack'
  | 'reshape'
  | 'pad'
  | 'getItem'
  | 'same';

/** Keras 2's `function` of a TFOpLambda, and Keras 3's class of an operation, by what they compute. */
const names: Readonly<Record<OperationName, readonly string[]>> = {
  add: ['math.add', 'add', '__operators__.add', '__operators__.radd', 'Add'],
  subtract: ['math.subtract', 'subtract', '__operators__.sub', '__operators__.rsub', 'Subtract'],
  multiply: ['math.multiply', 'multiply', '__operators__.mul', '__operators__.rmul', 'Multiply'],
  divide: [
    'math.divide',
    'divide',
    'math.truediv',
    'truediv',
    '__operators__.truediv',
    'TrueDivide',
    'Divide',
  ],
  maximum: ['math.maximum', 'maximum', 'Maximum'],
  minimum: ['math.minimum', 'minimum', 'Minimum'],
  biasAdd: ['nn.bias_add'],
  relu: ['nn.relu', 'Relu'],
  relu6: ['nn.relu6', 'Relu6'],
  leakyRelu: ['nn.leaky_relu', 'LeakyRelu'],
  clip: ['clip_by_value', 'Clip'],
  gelu: ['nn.gelu', 'Gelu'],
  activation: [
    ...['math.sigmoid', 'nn.sigmoid', 'sigmoid', 'Sigmoid', 'math.tanh', 'nn.tanh', 'tanh', 'Tanh'],
    ...['nn.silu', 'nn.swish', 'Silu', 'nn.elu', 'Elu', 'nn.selu', 'Selu', 'HardSigmoid', 'HardSilu'],
  ],
  softmax: ['nn.softmax', 'math.softmax', 'Softmax'],
  mean: ['math.reduce_mean', 'reduce_mean', 'Mean'],
  max: ['math.reduce_max', 'reduce_max', 'Max'],
  concatenate: ['concat', 'Concatenate'],
  stack: ['stack', 'Stack'],
  reshape: ['reshape', 'Reshape'],
  pad: ['pad', 'Pad'],
  getItem: ['__operators__.getitem', 'GetItem'],
  same: ['cast', 'Cast', 'identity', 'convert_to_tensor', 'ConvertToTensor', 'stop_gradient', 'StopGradient'],
};

const byName: ReadonlyMap<string, OperationName> = new Map(
  (Object.entries(names) as [OperationName, readonly string[]][]).flatMap(([operation, spellings]) =>
    spellings.map((spelling) => [spelling, operation] as const),
  ),
);

export function operationCalled(spelling: string): OperationName | undefined {
  return byName.get(spelling);
}

/** The activation function that an `activation` operation computes. */
export function activationCalled(spelling: string): string {
  const last = (spelling.split('.').at(-1) ?? '').toLowerCase();
  switch (last) {
    case 'hardsigmoid':
      return 'hard_sigmoid_3';
    case 'hardsilu':
      return 'hard_swish';
    case 'silu':
      return 'swish';
    default:
      return last;
  }
}
