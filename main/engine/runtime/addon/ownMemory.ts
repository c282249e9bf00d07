import type { Binding, NativeBackend } from './binding.ts';
import { forwarding } from './binding.ts';

type Values = Float32Array | Int32Array | Uint8Array;

/** Not a multiple of any alignment that TensorFlow asks for (16 bytes at least), but of the widest type's. */
const offset = 4;
/** Where small values are laid out, once for all calls: TensorFlow has its own copy when a call returns. */
const scratch = new ArrayBuffer(2 ** 20);

/**
 * Makes TensorFlow keep values it is given in memory of its own.
 *
 * The addon would lend it the memory of the JavaScript array and give that back to the garbage collector when TensorFlow
 * lets go of it: for a variable's first value or a step's input on whichever of TensorFlow's threads comes last, and more
 * than one at a time. Node-API may only be called on JavaScript's thread; elsewhere it breaks the engine's lists of references,
 * which shows later, anywhere, as a damaged heap. `TF_NewTensor` (tensorflow/c/tf_tensor.cc) copies what is not aligned,
 * and lets go of it before it returns. About half of all arrays are aligned by chance; through this none is.
 * Throws an Error when TensorFlow does not copy.
 */
export function keepOwnMemory(backend: NativeBackend): void {
  const { binding } = backend;
  const createTensor: Binding['createTensor'] = (shape, dtype, values) =>
    binding.createTensor(shape, dtype, isValues(values) ? unaligned(values) : values);
  backend.binding = { ...forwarding(binding), createTensor } as Binding;
  if (!copies(backend.binding)) throw new Error('TensorFlow does not copy the values of tensors');
}

function isValues(values: unknown): values is Values {
  return values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array;
}

function unaligned(values: Values): Values {
  const bytes = offset + values.byteLength;
  const place = bytes <= scratch.byteLength ? scratch : new ArrayBuffer(bytes);
  const laid =
    values instanceof Float32Array
      ? new Float32Array(place, offset, values.length)
      : values instanceof Int32Array
        ? new Int32Array(place, offset, values.length)
        : new Uint8Array(place, offset, values.length);
  laid.set(values);
  return laid;
}

/** Whether a tensor keeps its value when the memory it came from is used again. */
function copies(binding: Binding): boolean {
  const tensor = binding.createTensor([1], binding.TF_FLOAT, Float32Array.of(1));
  new Float32Array(scratch, offset, 1)[0] = 2;
  const [value] = binding.tensorDataSync(tensor) as Float32Array;
  binding.deleteTensor(tensor);
  return value === 1;
}
