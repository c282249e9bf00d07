import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';

interface Node {
  readonly name: string;
  readonly inputs: readonly string[];
}

/**
 * The nodes the output needs, every node after its inputs, and otherwise in the order given
 * (Kahn 1962, taking the first ready node each time).
 */
export function topologicalOrder<T extends Node>(
  nodes: readonly T[],
  output: string,
  source: string,
): Result<T[]> {
  const byName = new Map<string, T>();
  for (const node of nodes) {
    if (byName.has(node.name)) return corrupt(`${source} has two layers named "${node.name}".`);
    byName.set(node.name, node);
  }
  const needed = new Set<string>();
  const pending = [{ name: output, reader: 'the output' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const node = byName.get(next.name);
    if (node === undefined)
      return corrupt(`In ${source}, ${next.reader} reads layer "${next.name}", which is not there.`);
    if (needed.has(next.name)) continue;
    needed.add(next.name);
    for (const input of node.inputs) pending.push({ name: input, reader: `layer "${node.name}"` });
  }
  const ordered: T[] = [];
  const done = new Set<string>();
  let waiting = nodes.filter((node) => needed.has(node.name));
  while (waiting.length > 0) {
    const later: T[] = [];
    for (const node of waiting) {
      if (node.inputs.every((input) => done.has(input))) {
        done.add(node.name);
        ordered.push(node);
      } else later.push(node);
    }
    if (later.length === waiting.length)
      return corrupt(`The layers of ${source} form a cycle through "${later[0]?.name ?? ''}".`);
    waiting = later;
  }
  return ok(ordered);
}

function corrupt(message: string): Result<never> {
  return err(thawError('input-corrupt', message, { remedy: 'Export the model again.' }));
}
