/** As much of a network as its order depends on; layers come after those they read. */
interface Graph {
  readonly layers: readonly { readonly name: string; readonly inputs: readonly string[] }[];
  readonly output: string;
}

/**
 * The layers in the order of Keras's `model.layers`, in which weights files list and number them: by falling depth,
 * the number of layers between one and the output on the longest way, and within a depth in the order in which a
 * walk from the output first meets them (keras/src/ops/function.py, `map_graph`).
 */
export function kerasOrder(network: Graph): string[] {
  const inputsOf = new Map(network.layers.map((layer) => [layer.name, layer.inputs]));
  const met = meetingOrder(inputsOf, network.output);
  const depths = new Map<string, number>();
  for (const { name, inputs } of [...network.layers].reverse()) {
    const depth = depths.get(name) ?? 0;
    depths.set(name, depth);
    for (const input of inputs) depths.set(input, Math.max(depths.get(input) ?? 0, depth + 1));
  }
  const depthOf = (name: string): number => depths.get(name) ?? 0;
  const metOf = (name: string): number => met.get(name) ?? 0;
  return network.layers
    .map(({ name }) => name)
    .sort((a, b) => depthOf(b) - depthOf(a) || metOf(a) - metOf(b));
}

/** A layer is met before the layers it reads, and those in the order it reads them. */
function meetingOrder(inputsOf: ReadonlyMap<string, readonly string[]>, output: string): Map<string, number> {
  const met = new Map<string, number>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (met.has(name)) continue;
    met.set(name, met.size);
    pending.push(...[...(inputsOf.get(name) ?? [])].reverse());
  }
  return met;
}

/** Keras's name for a class within a weights file: `DepthwiseConv2D` → `depthwise_conv2d`, `ReLU` → `re_lu`. */
export function storeName(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The Sequential model that Keras keeps a layer in, by the layer's name, where our network has the layer itself. */
export type NestedLayers = ReadonlyMap<string, string>;

/** Where a `.weights.h5` keeps each layer of a list: classes numbered from the second on, anew in each nested model. */
export function storePaths(
  layers: readonly { name: string; className: string }[],
  nested: NestedLayers = new Map(),
): Map<string, string> {
  const counts = new Map<string, number>();
  const number = (place: string, className: string): string => {
    const base = `${place}layers/${storeName(className)}`;
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  };
  const models = new Map<string, string>();
  return new Map(
    layers.map(({ name, className }) => {
      const model = nested.get(name);
      if (model === undefined) return [name, number('', className)];
      const place = models.get(model) ?? `${number('', 'Sequential')}/`;
      models.set(model, place);
      return [name, number(place, className)];
    }),
  );
}
