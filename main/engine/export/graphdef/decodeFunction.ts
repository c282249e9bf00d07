import type { ResizePolicy } from '../../../../shared/domain/dataset.ts';
import { unreachable } from '../../../../shared/errors.ts';
import type { GraphFunction } from './messages.ts';
import type { Attribute } from './nodes.ts';
import { NodeList } from './nodes.ts';

const float: Attribute = { type: 'float32' };
const whole: Attribute = { type: 'int32' };

/**
 * The bytes of one JPEG, PNG, BMP or GIF file to [size, size, 3] pixels of 0–255, resized by the studio's policy as
 * nearly as TensorFlow's operations allow: the same triangle filter and rounding, but TensorFlow's own JPEG decoder, no
 * EXIF orientation, and transparency dropped instead of laid on white.
 */
export function decodeFunction(name: string, size: number, resize: ResizePolicy): GraphFunction {
  const body = new Body();
  const decoded = body.add('DecodeImage', ['contents'], 'image', {
    channels: { integer: 3 },
    dtype: { type: 'uint8' },
    expand_animations: { flag: false },
  });
  const pixels = body.add('Cast', [decoded], 'y', { SrcT: { type: 'uint8' }, DstT: float });
  const shape = body.add('Shape', [pixels], 'output', { T: float, out_type: whole });
  const sides = body.add('Slice', [shape, body.integers([0]), body.integers([2])], 'output', {
    T: whole,
    Index: whole,
  });
  const rounded = body.add('Round', [resizeBy(resize, body, pixels, sides, size)], 'y', { T: float });
  const target = body.integers([size, size, 3]);
  const result = body.add('Reshape', [rounded, target], 'output', { T: float, Tshape: whole });
  return {
    name,
    argument: { name: 'contents', type: 'string' },
    result: { name: 'pixels', type: 'float32', value: result },
    nodes: body.list.nodes,
  };
}

function resizeBy(resize: ResizePolicy, body: Body, pixels: string, sides: string, size: number): string {
  const square = body.integers([size, size]);
  switch (resize) {
    case 'squash':
      return scaleTo(body, pixels, sides, square);
    case 'crop': {
      const least = body.reduce('Min', sides);
      const used = body.pair(least, least);
      const corner = body.half(body.whole('Sub', sides, used));
      const begin = body.join(corner, body.integers([0]));
      const part = body.add('Slice', [pixels, begin, body.join(used, body.integers([3]))], 'output', {
        T: float,
        Index: whole,
      });
      return scaleTo(body, part, used, square);
    }
    case 'pad': {
      const scale = body.real('RealDiv', body.floats(size), body.asFloat(body.reduce('Max', sides)));
      const exact = body.add('Round', [body.real('Mul', body.asFloat(sides), scale)], 'y', { T: float });
      const scaled = body.whole('Maximum', body.asWhole(exact), body.integers([1]));
      const small = scaleTo(body, pixels, sides, scaled);
      const rest = body.whole('Sub', square, scaled);
      const before = body.half(rest);
      const after = body.whole('Sub', rest, before);
      const around = body.add('Pack', [before, after], 'output', {
        N: { integer: 2 },
        T: whole,
        axis: { integer: 1 },
      });
      const rows = [body.integers([0, 0], [1, 2]), around, body.integers([0, 0], [1, 2])];
      const paddings = body.concatenate(rows);
      return body.add('Pad', [small, paddings], 'output', { T: float, Tpaddings: whole });
    }
    default:
      return unreachable(resize);
  }
}

/** [1, h, w, 3] by a triangle filter that widens when it reduces, the kernel of Pillow's BILINEAR. */
function scaleTo(body: Body, pixels: string, from: string, to: string): string {
  const image = body.add('ExpandDims', [pixels, body.integers([0], [])], 'output', { T: float, Tdim: whole });
  const scale = body.real('RealDiv', body.asFloat(to), body.asFloat(from));
  const still = body.list.floats('still', new Float32Array(2));
  return body.add('ScaleAndTranslate', [image, to, scale, `${still}:output:0`], 'resized_images', {
    T: float,
    kernel_type: { text: 'triangle' },
    antialias: { flag: true },
  });
}

/** Nodes of a function, where a value is called `node:output:0` after the operation's own name for its output. */
class Body {
  readonly list = new NodeList();

  add(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>>,
  ): string {
    return `${this.list.add(op, op, inputs, attributes)}:${output}:0`;
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return `${this.list.integers(values, shape)}:output:0`;
  }

  floats(value: number): string {
    return `${this.list.scalar('number', value)}:output:0`;
  }

  whole(op: 'Sub' | 'Maximum', a: string, b: string): string {
    return this.add(op, [a, b], 'z', { T: whole });
  }

  real(op: 'Mul' | 'RealDiv', a: string, b: string): string {
    return this.add(op, [a, b], 'z', { T: float });
  }

  /** Halves whole numbers, rounding down. */
  half(values: string): string {
    return this.add('FloorDiv', [values, this.integers([2], [])], 'z', { T: whole });
  }

  reduce(op: 'Min' | 'Max', values: string): string {
    const attributes = { T: whole, Tidx: whole, keep_dims: { flag: false } };
    return this.add(op, [values, this.integers([0])], 'output', attributes);
  }

  pair(a: string, b: string): string {
    return this.add('Pack', [a, b], 'output', { N: { integer: 2 }, T: whole, axis: { integer: 0 } });
  }

  join(a: string, b: string): string {
    return this.concatenate([a, b]);
  }

  concatenate(parts: readonly string[]): string {
    const attributes = { N: { integer: parts.length }, T: whole, Tidx: whole };
    return this.add('ConcatV2', [...parts, this.integers([0], [])], 'output', attributes);
  }

  asFloat(values: string): string {
    return this.add('Cast', [values], 'y', { SrcT: whole, DstT: float });
  }

  asWhole(values: string): string {
    return this.add('Cast', [values], 'y', { SrcT: float, DstT: whole });
  }
}
