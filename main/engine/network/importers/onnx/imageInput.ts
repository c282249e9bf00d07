import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { OnnxGraph, OnnxValueInfo } from '../../onnx/messages.ts';
import type { OnnxValues } from './walk.ts';

/** Number types an image may have, by TensorProto.DataType. */
const imageTypes: ReadonlyMap<number, OnnxImage['type']> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [10, 'float16'],
  [11, 'float64'],
]);

/** The input of a model that takes the image. */
export interface OnnxImage {
  readonly name: string;
  readonly type: 'float32' | 'float16' | 'float64' | 'uint8';
  /** `first`: [1, 3, height, width]; `last`: [1, height, width, 3]. */
  readonly channels: 'first' | 'last';
  /** Null where any number of pixels will do. */
  readonly height: number | null;
  readonly width: number | null;
}

/** Finds the image among a model's inputs. Errors: engine-unsupported, saying what the model takes instead. */
export function imageInputOf(values: OnnxValues, name: string): Result<OnnxImage> {
  const { graph } = values;
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  const inputs = graph.input.filter((input) => !stored.has(input.name));
  const [input] = inputs;
  const no = (why: string): Result<never> =>
    err(
      thawError('engine-unsupported', `${name} cannot be used as a backbone: ${why}.`, {
        expected: 'one input of [batch, 3, height, width] or [batch, height, width, 3], float or uint8',
        found: inputs.map(describeInput).join(' and ') || 'no input',
      }),
    );
  if (input === undefined || inputs.length !== 1)
    return no(`it has ${inputs.length} inputs, and Thaw feeds one image`);
  const tensor = input.type?.tensor_type;
  const type = imageTypes.get(tensor?.elem_type ?? 0);
  const sizes = lengthsOf(input);
  if (type === undefined || sizes?.length !== 4) return no('its input is not an image');
  const [batch, first, , last] = sizes;
  if (batch !== null && batch !== undefined && batch !== 1)
    return no(`it takes exactly ${batch} images at a time, and Thaw feeds one after the other`);
  const channels = first === 3 ? 'first' : last === 3 ? 'last' : guessChannels(graph, values, input.name);
  if (channels === null) return no('its input is not an RGB image');
  const [height = null, width = null] = channels === 'first' ? sizes.slice(2) : sizes.slice(1);
  const most = Math.max(height ?? 0, width ?? 0);
  if (most > mostPixels) return no(`its images are ${most} pixels wide or high`);
  return ok({ name: input.name, type, channels, height, width });
}

const mostPixels = 4096;

/** Lengths of an input's axes, null where any will do; null when its rank is not told. */
function lengthsOf(input: OnnxValueInfo): (number | null)[] | null {
  const dims = input.type?.tensor_type?.shape?.dim;
  if (dims === undefined) return null;
  return dims.map((dim) => {
    const length = Number(dim.dim_value ?? 0);
    return Object.hasOwn(dim, 'dim_value') && length > 0 ? length : null;
  });
}

/** Where no axis says that it is the channels': convolutions want them first, so who turns the image had them last. */
function guessChannels(graph: OnnxGraph, values: OnnxValues, input: string): OnnxImage['channels'] | null {
  const declared = lengthsOf(graph.input.find(({ name }) => name === input) ?? { name: input, type: null });
  if (declared === null || (declared[1] !== null && declared[3] !== null)) return null;
  for (const node of values.readers(input)) {
    if (node.op_type === 'Conv') {
      const kernel = values.constant(node.input[1]);
      return Number(kernel?.dims[1] ?? 0) === 3 ? 'first' : null;
    }
    const order = node.attribute
      .find(({ name }) => name === 'perm')
      ?.ints.map(Number)
      .join();
    if (node.op_type === 'Transpose' && order === '0,3,1,2') return 'last';
  }
  return null;
}

function describeInput(input: OnnxValueInfo): string {
  const type = input.type?.tensor_type?.elem_type ?? 0;
  const dims = input.type?.tensor_type?.shape?.dim;
  const shape =
    dims?.map((dim) => (Object.hasOwn(dim, 'dim_value') ? Number(dim.dim_value) : dim.dim_param || '?')) ??
    [];
  return `"${input.name}" ${imageTypes.get(type) ?? `of type ${type}`} [${shape.join(', ')}]`;
}
