/**
 * Gives layers without a name of their own the one Keras 2.15 gives them in a fresh session: the class in snake case,
 * then `_1`, `_2`… (keras.src.backend.unique_object_name).
 */
export class LayerNames {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  /** Records an explicit name. Throws on a second use: two layers of one name are a mistake in a composition. */
  claim(name: string): string {
    if (this.#taken.has(name)) throw new Error(`Two layers are named "${name}"`);
    this.#taken.add(name);
    return name;
  }

  /** The next free name of a class (`Conv2D`), or of an operation that has a name already (`tf.math.multiply`). */
  automatic(className: string): string {
    const base = className.includes('.') ? className : snakeCase(className);
    for (;;) {
      const count = this.#next.get(base) ?? 0;
      this.#next.set(base, count + 1);
      const name = count === 0 ? base : `${base}_${count}`;
      if (!this.#taken.has(name)) return this.claim(name);
    }
  }
}

/** `SeparableConv2D` → `separable_conv2d`, `ReLU` → `re_lu` (keras.src.utils.generic_utils.to_snake_case). */
function snakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
