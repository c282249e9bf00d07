import type { LayerSpec } from '../../buildNetwork.ts';

/**
 * The layers as Keras 2 lists them in `model.layers`: by decreasing distance to the output, layers of one distance in
 * the order in which a walk from the output meets them (keras.src.engine.functional._map_graph_network). Weight files
 * store layers in this order. Layers the output does not need are left out.
 */
export function kerasOrder(specs: readonly LayerSpec[], output: string): LayerSpec[] {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const met = walk(byName, output);
  const distance = new Map<string, number>([[output, 0]]);
  // Compositions are written inputs first, so backwards every reader comes before what it reads.
  for (const spec of [...specs].reverse()) {
    const own = distance.get(spec.name);
    if (own === undefined) continue;
    for (const input of spec.inputs) distance.set(input, Math.max(own + 1, distance.get(input) ?? 0));
  }
  const rank = (name: string): number => distance.get(name) ?? 0;
  return [...met.keys()]
    .sort((a, b) => rank(b) - rank(a) || (met.get(a) ?? 0) - (met.get(b) ?? 0))
    .flatMap((name) => byName.get(name) ?? []);
}

/** When each layer is first met, going from the output along the first inputs first. */
function walk(byName: ReadonlyMap<string, LayerSpec>, output: string): Map<string, number> {
  const met = new Map<string, number>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (met.has(name)) continue;
    met.set(name, met.size);
    pending.push(...[...(byName.get(name)?.inputs ?? [])].reverse());
  }
  return met;
}
