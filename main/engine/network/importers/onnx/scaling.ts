import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { OnnxModel } from '../../onnx/messages.ts';
import type { OnnxImage } from './imageInput.ts';
import type { OnnxValues } from './walk.ts';
import { floatsOf } from './walk.ts';

/** What only moves pixels about. */
const neutral = new Set(['Identity', 'Cast', 'Transpose']);

/**
 * How a model wants its pixels, where it tells: whole numbers are 0–255; what Thaw exports takes those too; and the
 * first thing done to the pixels may show that scaling is inside. Null when nothing tells.
 */
export function scalingOf(model: OnnxModel, values: OnnxValues, image: OnnxImage): Preprocess | null {
  if (image.type === 'uint8') return 'none';
  if (model.producer_name === 'Thaw' && image.name === 'image') return 'none';
  const first = firstArithmetic(values, image.name);
  if (first === null) return null;
  const { operation, numbers, value } = first;
  const near = (wanted: number): boolean =>
    numbers.length > 0 && numbers.every((number) => Math.abs(number / wanted - 1) < 1e-3);
  if (operation === 'Div' && (near(255) || near(127.5) || near(128))) return 'none';
  if (operation === 'Mul' && (near(1 / 255) || near(1 / 127.5) || near(1 / 128))) return 'none';
  if (operation === 'Sub' && numbers.length > 0 && numbers.every((number) => number > 90 && number < 130))
    return 'none';
  const second = firstArithmetic(values, value);
  const shifts = second?.numbers.every((number) => Math.abs(Math.abs(number) - 1) < 1e-3) === true;
  if (operation === 'Mul' && near(2) && second !== null && /^(Sub|Add)$/.test(second.operation) && shifts)
    return 'unit';
  return null;
}

function firstArithmetic(
  values: OnnxValues,
  from: string,
): { operation: string; numbers: number[]; value: string } | null {
  for (let value = from, steps = 0; steps < 8; steps += 1) {
    const [reader, ...others] = values.readers(value);
    if (reader === undefined || others.length > 0) return null;
    const [output = ''] = reader.output;
    if (/^(Div|Mul|Sub|Add)$/.test(reader.op_type)) {
      const constant = reader.input.find((input) => input !== value);
      const numbers = floatsOf(values.constant(constant), 16);
      return numbers.length === 0 ? null : { operation: reader.op_type, numbers, value: output };
    }
    if (!neutral.has(reader.op_type)) return null;
    value = output;
  }
  return null;
}
