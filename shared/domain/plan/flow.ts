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
