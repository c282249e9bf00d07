/** Shapes from shapes, as TensorFlow's shape functions have them (tensorflow/core/framework/common_shape_fns). */
export type Shape = readonly number[];

export interface Window {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: string;
}

/** Elements of a shape. */
export function product(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** NumPy's broadcasting. */
export function broadcast(a: Shape, b: Shape): Shape {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  return long.map((length, axis) => (length === 1 ? (short[axis - offset] ?? 1) : length));
}

/** What is left of a shape after a reduction over `axes`, which may count from the end. */
export function reduced(shape: Shape, axes: readonly number[], keepDimensions: boolean): Shape {
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  if (keepDimensions) return shape.map((length, axis) => (gone.has(axis) ? 1 : length));
  return shape.filter((_, axis) => !gone.has(axis));
}

/** Images [batch, height, width, channels] under a window that slides over height and width. */
export function slid(image: Shape, size: readonly number[], window: Window, channels: number): Shape {
  const [batch = 1, ...lengths] = image;
  const places = [0, 1].map((axis) => {
    const [length = 1, stride = 1] = [lengths[axis], window.strides[axis]];
    if (window.padding === 'SAME') return Math.ceil(length / stride);
    const reach = ((size[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    return Math.floor((length - reach) / stride) + 1;
  });
  return [batch, ...places, channels];
}

/** Matrices [..., rows, columns] multiplied, either turned over before. */
export function multiplied(a: Shape, b: Shape, turned: readonly [boolean, boolean]): Shape {
  const rows = a.at(turned[0] ? -1 : -2) ?? 1;
  const columns = b.at(turned[1] ? -2 : -1) ?? 1;
  return [...broadcast(a.slice(0, -2), b.slice(0, -2)), rows, columns];
}

export function concatenated(shapes: readonly Shape[], axis: number): Shape {
  const [first = []] = shapes;
  const along = axis < 0 ? axis + first.length : axis;
  return first.with(
    along,
    shapes.reduce((sum, shape) => sum + (shape[along] ?? 0), 0),
  );
}

/** @param paddings [before, after] of each axis, one after the other. */
export function padded(shape: Shape, paddings: readonly number[]): Shape {
  return shape.map((length, axis) => length + (paddings[2 * axis] ?? 0) + (paddings[2 * axis + 1] ?? 0));
}

/** A shape to give `from`'s elements, where one length may be −1. */
export function resolved(from: Shape, to: Shape): Shape {
  const rest = product(to.filter((length) => length !== -1));
  return to.map((length) => (length === -1 ? product(from) / rest : length));
}

/** @param sizes −1 for all that follows. */
export function sliced(shape: Shape, begins: readonly number[], sizes: readonly number[]): Shape {
  return shape.map((length, axis) => {
    const size = sizes[axis] ?? -1;
    return size === -1 ? length - (begins[axis] ?? 0) : size;
  });
}
