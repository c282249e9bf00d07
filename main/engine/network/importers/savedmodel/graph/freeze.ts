import { thawError } from '../../../../../../shared/errors.ts';
import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import type { TensorBundle } from '../bundle/tensorBundle.ts';
import type { FlatGraph, FlatNode } from './flatten.ts';
import type { AttributeMessage, MetaGraphMessage } from './messages.ts';
import { harmOf, isComputing } from './operations.ts';
import { checkpointKeys, variableOperations } from './variables.ts';

/** A node of a graph without functions and variables. */
export interface FrozenNode {
  readonly name: string;
  readonly op: string;
  /** "node" or "node:output". */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeMessage>>;
}

export interface FrozenGraph {
  readonly nodes: readonly FrozenNode[];
  /** Numbers in its variables. */
  readonly parameters: number;
}

const mostNodes = 200_000;

/**
 * The part of a graph that gives some values, with the checkpoint's tensors in place of its variables. Every operation in
 * it is one that only computes; a function that holds one that does harm is refused even where nothing reads it.
 * Errors: input-refused, input-corrupt, engine-unsupported.
 */
export async function freezeGraph(
  graph: FlatGraph,
  meta: MetaGraphMessage,
  references: readonly string[],
  bundle: TensorBundle | null,
  place: string,
): Promise<Result<{ frozen: FrozenGraph; outputs: string[] }>> {
  const wrong = (why: string): Result<never> =>
    err(
      thawError('input-corrupt', `The graph of ${place} is damaged: ${why}.`, {
        remedy: 'Save the model again.',
      }),
    );
  const keys = checkpointKeys(graph, meta);
  if (!keys.ok) return wrong(keys.error);
  const pending: FlatNode[] = [];
  const outputs: string[] = [];
  for (const reference of references) {
    const value = graph.value(reference);
    if (!value.ok) return wrong(value.error);
    pending.push(value.value.node);
    outputs.push(referenceTo(value.value.node.name, value.value.output));
  }
  const nodes = new Map<string, FrozenNode>();
  let parameters = 0;
  let unknown: FlatNode | null = null;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (nodes.has(node.name)) continue;
    if (nodes.size > mostNodes) return wrong('it has more operations than any network');
    const variable = variableRead(node);
    if (variable !== null) {
      const value = await variableValue(variable, keys.value, bundle, place);
      if (!value.ok) return value;
      parameters += value.value.values;
      nodes.set(node.name, { name: node.name, op: 'Const', input: [], attr: value.value.attr });
      continue;
    }
    if (!isComputing(node.op)) unknown ??= node;
    const inputs = node.inputs();
    if (!inputs.ok) return wrong(inputs.error);
    // A setting that the function's caller would fill in.
    const isOpen = Object.values(node.attr).some(({ placeholder = '' }) => placeholder !== '');
    if (isOpen) unknown ??= node;
    nodes.set(node.name, {
      name: node.name,
      op: node.op,
      input: inputs.value.map((value) => referenceTo(value.node.name, value.output)),
      attr: withoutHints(node.attr),
    });
    pending.push(...inputs.value.map((value) => value.node));
  }
  for (const op of graph.operationsSeen())
    if (harmOf(op) !== null && !restoring.has(op)) return refuse(op, null, place);
  if (unknown !== null) return refuse(unknown.op, unknown.name, place);
  return ok({ frozen: { nodes: [...nodes.values()], parameters }, outputs });
}

/** What every SavedModel has in the function that restores it, which is read and never run. */
const restoring = new Set(['RestoreV2']);

/** The variable that a node reads, or is. */
function variableRead(node: FlatNode): FlatNode | null {
  if (node.op === 'VariableV2' || node.op === 'Variable') return node;
  if (node.op !== 'ReadVariableOp') return null;
  const inputs = node.inputs();
  const [variable] = inputs.ok ? inputs.value : [];
  return variable !== undefined && variableOperations.has(variable.node.op) ? variable.node : null;
}

async function variableValue(
  variable: FlatNode,
  keys: ReadonlyMap<string, string>,
  bundle: TensorBundle | null,
  place: string,
): Promise<Result<{ attr: FrozenNode['attr']; values: number }>> {
  const key = keys.get(variable.name);
  if (key === undefined || bundle === null)
    return err(
      thawError('input-corrupt', `${place} has no value for its variable "${variable.name}".`, {
        remedy: 'Save the model again, with its variables.',
      }),
    );
  const tensor = await bundle.read(key);
  if (!tensor.ok) return tensor;
  const { dtype, shape, bytes } = tensor.value;
  const value = {
    dtype,
    tensor_shape: { dim: shape.map((size) => ({ size })) },
    tensor_content: bytes,
  };
  const values = shape.reduce((product, length) => product * length, 1);
  return ok({ attr: { dtype: { type: dtype }, value: { tensor: value } }, values });
}

/** Attributes that begin with an underscore are notes of TensorFlow to itself, some about devices and compilers. */
function withoutHints(attr: FrozenNode['attr']): FrozenNode['attr'] {
  return Object.fromEntries(Object.entries(attr).filter(([name]) => !name.startsWith('_')));
}

function referenceTo(name: string, output: number): string {
  return output === 0 ? name : `${name}:${output}`;
}

function refuse(op: string, name: string | null, place: string): Result<never> {
  const why = harmOf(op);
  if (why !== null)
    return err(
      thawError('input-refused', `The graph of ${place} holds the operation ${op}, which ${why}.`, {
        expected: 'operations that only compute',
        ...(name === null ? {} : { found: name }),
        remedy: 'Save the model without it. Thaw runs no file that could do more than compute.',
      }),
    );
  return err(
    thawError(
      'engine-unsupported',
      `The graph of ${place} holds the operation ${op}, which Thaw does not run.`,
      {
        expected: 'operations on images: convolutions, poolings, arithmetic',
        ...(name === null ? {} : { found: name }),
        remedy: 'Save the network alone, without what decodes, looks up or loops around it.',
      },
    ),
  );
}
