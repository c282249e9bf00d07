import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Binding, NativeBackend, OpAttribute } from '../addon/binding.ts';

/**
 * A tensor of bytes, a quarter of what TensorFlow.js makes of them. It is for `floatsOf` and for arguments `uint8` of a
 * compiled program; other operations of TensorFlow.js would take it for one of int32 and fail.
 * @param binding what is to hold it, where that is not the addon itself.
 */
export function byteTensor(
  backend: NativeBackend,
  shape: readonly number[],
  bytes: Uint8Array,
  binding: Binding = backend.binding,
): Tensor {
  const id = binding.createTensor([...shape], binding.TF_UINT8, bytes);
  return backend.createOutputTensor({ id, shape: [...shape], dtype: binding.TF_UINT8 });
}

/** A tensor of bytes as float32. */
export function floatsOf(backend: NativeBackend, bytes: Tensor): Tensor {
  const { TF_UINT8, TF_FLOAT, TF_ATTR_TYPE, TF_ATTR_BOOL } = backend.binding;
  const attributes: OpAttribute[] = [
    { name: 'SrcT', type: TF_ATTR_TYPE, value: TF_UINT8 },
    { name: 'DstT', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
  ];
  return backend.executeSingleOutput('Cast', attributes, [bytes]);
}
