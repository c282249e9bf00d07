import type { Tensor } from '@tensorflow/tfjs-node-gpu';

/** An attribute of a TensorFlow operation, as the addon takes it. */
export interface OpAttribute {
  readonly name: string;
  /** One of the binding's TF_ATTR_ numbers. */
  readonly type: number;
  readonly value: unknown;
}

/** What the addon tells of a tensor it holds. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** Takes hints about a graph, tensors by their numbers. */
export interface HintTaker {
  /** What makes `tensor` waits until `other` is made. */
  after(tensor: number, other: number): void;
  update(update: InPlaceUpdate<number>): void;
}

/** That one TensorFlow operation can do what others did: give variables new values where they are. */
export interface InPlaceUpdate<Value> {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  /** The operation's first inputs: the variables' values before, and after it. */
  readonly variables: readonly { readonly before: Value; readonly after: Value }[];
  /** Its further inputs. */
  readonly inputs: readonly Value[];
}

/** The part of tfjs-node's native addon that the engine uses. */
export interface Binding {
  executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorMetadata[];
  createTensor(shape: number[], dtype: number, values: ArrayLike<number>): number;
  tensorDataSync(id: number): unknown;
  deleteTensor(id: number): void;
  /** There while a graph is recorded: takes what operations alone do not tell, see compiled/hints.ts. */
  readonly recorder?: HintTaker;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/** tfjs-node's backend, as far as the engine uses it. */
export interface NativeBackend {
  binding: Binding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: object): { id: number } };
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  /** A tensor over what the addon holds. Bytes are `int32` in TensorFlow.js, which has no name for them. */
  createOutputTensor(metadata: TensorMetadata): Tensor;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
  /** Loads a SavedModel's graph of the tags (with commas between) into a session, and gives its number. */
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  runSavedModel(
    session: number,
    inputs: readonly Tensor[],
    inputInfos: readonly { readonly name: string }[],
    outputNames: readonly string[],
  ): Tensor[];
  deleteSavedModel(session: number): void;
}

/** Whether a tfjs backend is the native one. */
export function isNative(backend: object): backend is NativeBackend {
  return 'binding' in backend && 'executeSingleOutput' in backend;
}

/** A copy of the addon to change: its functions want their own object as `this`. */
export function forwarding(binding: Binding): object {
  const names = Object.getOwnPropertyNames(binding);
  return Object.fromEntries(
    names.map((name) => {
      const value = (binding as unknown as Record<string, unknown>)[name];
      return [name, typeof value === 'function' ? (value.bind(binding) as unknown) : value];
    }),
  );
}
