/** How values and gradients run through a network under a freeze plan. */

interface FlowLayer {
  readonly name: string;
  readonly inputs: readonly string[];
}

/**
 * The layers that a gradient passes on its way back, or ends in: those that are thawed or that read, however
 * indirectly, what a thawed one computed. What they read from elsewhere is computed once and cached.
 * @param layers in topological order.
 */
export function reachedByGradient(layers: readonly FlowLayer[], thawed: ReadonlySet<string>): Set<string> {
  const reached = new Set<string>();
  for (const { name, inputs } of layers)
    if (thawed.has(name) || inputs.some((input) => reached.has(input))) reached.add(name);
  return reached;
}

/** Whether some layers' outputs can be computed from those of others alone, without the image. */
export function reaches(
  layers: readonly FlowLayer[],
  from: readonly string[],
  wanted: readonly string[],
): boolean {
  const inputs = new Map(layers.map((layer) => [layer.name, layer.inputs]));
  if (!from.every((layer) => inputs.has(layer))) return false;
  const seen = new Set(from);
  const pending = [...wanted];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const before = inputs.get(name) ?? [];
    if (before.length === 0) return false;
    pending.push(...before);
  }
  return true;
}
