import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import type { AttributeMessage, FunctionMessage, MetaGraphMessage, NodeMessage } from './messages.ts';

/** A place in a graph of graphs: a function's body, called by a node of another place. */
interface Scope {
  /** What the names of its nodes begin with once they are in one graph; empty for the outermost. */
  readonly prefix: string;
  readonly nodes: ReadonlyMap<string, NodeMessage>;
  /** Which input of the calling node an argument is. */
  readonly arguments: ReadonlyMap<string, number>;
  readonly caller: { readonly scope: Scope; readonly node: NodeMessage } | null;
  readonly ret: Readonly<Record<string, string>>;
  readonly depth: number;
}

/** An output of a node that is no call. */
export interface FlatValue {
  readonly node: FlatNode;
  readonly output: number;
}

export interface FlatNode {
  /** Unique in the one graph. */
  readonly name: string;
  readonly op: string;
  readonly attr: Readonly<Record<string, AttributeMessage>>;
  /** What it reads, without nodes that only have to run before. Errors are one sentence for a person. */
  inputs(): Result<readonly FlatValue[], string>;
}

const calls = new Set(['PartitionedCall', 'StatefulPartitionedCall']);
/** Keras nests three functions a layer. */
const mostDepth = 200;
const mostSteps = 10_000;
const mostScopes = 20_000;

/** Operations whose outputs have names of their own, in order (ops.pbtxt); others have one, or a list of them. */
const outputNames: Readonly<Record<string, readonly string[]>> = {
  FusedBatchNorm: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormV2: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormV3: [
    'y',
    'batch_mean',
    'batch_variance',
    'reserve_space_1',
    'reserve_space_2',
    'reserve_space_3',
  ],
  Switch: ['output_false', 'output_true'],
  TopKV2: ['values', 'indices'],
  Unique: ['y', 'idx'],
};

/**
 * A graph whose functions are looked through: what a signature of TensorFlow 2 gives is behind calls of functions that
 * call functions, and here it is nodes that read nodes. Nothing is run. Functions that call themselves are refused.
 */
export class FlatGraph {
  readonly #functions: ReadonlyMap<string, FunctionMessage>;
  readonly #outermost: Scope;
  readonly #scopes = new Map<string, Scope>();
  readonly #nodes = new Map<string, FlatNode>();

  constructor({ graph_def: graph }: MetaGraphMessage) {
    this.#functions = new Map(
      (graph?.library?.function ?? []).map((one) => [one.signature?.name ?? '', one] as const),
    );
    this.#outermost = {
      prefix: '',
      nodes: new Map((graph?.node ?? []).map((node) => [node.name, node])),
      arguments: new Map(),
      caller: null,
      ret: {},
      depth: 0,
    };
  }

  /** What a name in the outermost graph stands for: `node`, `node:1`. */
  value(reference: string): Result<FlatValue, string> {
    return this.#resolve(this.#outermost, reference);
  }

  /** Every node of the outermost graph and of the function that a node of it calls, calls left out. */
  nodesBehind(name: string): FlatNode[] {
    const node = this.#outermost.nodes.get(name);
    const called = node === undefined ? null : this.#called(this.#outermost, node);
    const scopes = [this.#outermost, ...(called === null || !called.ok ? [] : [called.value])];
    return scopes.flatMap((scope) =>
      [...scope.nodes.values()]
        .filter((one) => this.#functionOf(one) === null)
        .map((one) => this.#flat(scope, one)),
    );
  }

  /** Names of all operations in the functions that have been looked into, whether they give a value or not. */
  operationsSeen(): ReadonlySet<string> {
    return new Set(
      [...this.#scopes.values()].flatMap(({ nodes }) => [...nodes.values()].map(({ op }) => op)),
    );
  }

  #flat(scope: Scope, node: NodeMessage): FlatNode {
    const name = scope.prefix + node.name;
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const flat: FlatNode = {
      name,
      op: node.op,
      attr: node.attr,
      inputs: () => {
        const values: FlatValue[] = [];
        for (const input of node.input) {
          if (input.startsWith('^')) continue;
          const value = this.#resolve(scope, input);
          if (!value.ok) return value;
          values.push(value.value);
        }
        return ok(values);
      },
    };
    this.#nodes.set(name, flat);
    return flat;
  }

  #resolve(from: Scope, reference: string): Result<FlatValue, string> {
    let scope = from;
    let name = reference;
    for (let steps = 0; steps < mostSteps; steps += 1) {
      const argument = scope.arguments.get(name);
      if (argument !== undefined && scope.caller !== null) {
        const { caller }: Scope = scope;
        name = caller.node.input.filter((input) => !input.startsWith('^'))[argument] ?? '';
        scope = caller.scope;
        continue;
      }
      const [nodeName = '', ...rest] = name.split(':');
      const node = scope.nodes.get(nodeName);
      if (node === undefined) return err(`it reads "${name.slice(0, 100)}", which is not there`);
      const called = this.#functionOf(node);
      const output = outputIndex(node, called, rest);
      if (called === null) return ok({ node: this.#flat(scope, node), output });
      const inside = this.#called(scope, node);
      if (!inside.ok) return inside;
      const wanted = called.signature?.output_arg[output]?.name ?? '';
      name = inside.value.ret[wanted] ?? '';
      scope = inside.value;
    }
    return err('its functions pass values on without end');
  }

  #functionOf(node: NodeMessage): FunctionMessage | null {
    const name = calls.has(node.op) ? (node.attr['f']?.func?.name ?? '') : node.op;
    return this.#functions.get(name) ?? null;
  }

  #called(scope: Scope, node: NodeMessage): Result<Scope, string> {
    const prefix = `${scope.prefix}${node.name}/`;
    const known = this.#scopes.get(prefix);
    if (known !== undefined) return ok(known);
    const called = this.#functionOf(node);
    if (called === null) return err(`it calls a function that is not there at "${node.name}"`);
    if (scope.depth >= mostDepth || this.#scopes.size >= mostScopes)
      return err('its functions call each other too often');
    const made: Scope = {
      prefix,
      nodes: new Map(called.node_def.map((one) => [one.name, one])),
      arguments: new Map((called.signature?.input_arg ?? []).map(({ name }, index) => [name, index])),
      caller: { scope, node },
      ret: called.ret,
      depth: scope.depth + 1,
    };
    this.#scopes.set(prefix, made);
    return ok(made);
  }
}

/** Which output `node:1`, `node:output:1` or `node:batch_mean:0` is. */
function outputIndex(node: NodeMessage, called: FunctionMessage | null, rest: readonly string[]): number {
  const [first, second] = rest;
  if (first === undefined) return 0;
  if (/^\d+$/.test(first)) return Number(first);
  const names = called?.signature?.output_arg.map(({ name }) => name) ?? outputNames[node.op] ?? [];
  const named = calls.has(node.op) ? -1 : names.indexOf(first);
  return Math.max(named, 0) + Number(second ?? 0);
}
