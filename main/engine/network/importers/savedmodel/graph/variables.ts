import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import type { FlatGraph, FlatNode } from './flatten.ts';
import type { MetaGraphMessage } from './messages.ts';

/** Operations that are a variable. */
export const variableOperations = new Set(['VarHandleOp', 'VariableV2', 'Variable']);

/**
 * Which tensor of the checkpoint each variable is given, by the variable's node: as the graph's own operations for
 * restoring say (`RestoreV2` and the assignments that read it), which are read and not run. Two variables of one name in
 * Keras are told apart only there.
 */
export function checkpointKeys(
  graph: FlatGraph,
  meta: MetaGraphMessage,
): Result<ReadonlyMap<string, string>, string> {
  const keys = new Map<string, string>();
  for (const node of graph.nodesBehind(meta.saver_def?.restore_op_name ?? '')) {
    if (node.op !== 'AssignVariableOp' && node.op !== 'Assign') continue;
    const inputs = node.inputs();
    if (!inputs.ok) return inputs;
    const [variable, given] = inputs.value;
    const restored = given === undefined ? null : behindIdentities(given);
    if (variable === undefined || restored?.node.op !== 'RestoreV2') continue;
    const names = restored.node.inputs();
    if (!names.ok) return names;
    const key = stringsOf(names.value[1]?.node)[restored.output];
    const slice = stringsOf(names.value[2]?.node)[restored.output] ?? '';
    if (slice !== '') return err(`its variable "${variable.node.name}" is stored in slices`);
    if (key !== undefined) keys.set(variable.node.name, key);
  }
  return ok(keys);
}

type Value = Extract<ReturnType<FlatNode['inputs']>, { ok: true }>['value'][number];

function behindIdentities(from: Value): Value {
  let value = from;
  for (let steps = 0; value.node.op === 'Identity' && steps < 100; steps += 1) {
    const inputs = value.node.inputs();
    const [before] = inputs.ok ? inputs.value : [];
    if (before === undefined) break;
    value = before;
  }
  return value;
}

function stringsOf(node: FlatNode | undefined): string[] {
  const strings = node?.attr['value']?.tensor?.string_val ?? [];
  return strings.map((bytes) => new TextDecoder().decode(bytes));
}
