import { createHash } from 'node:crypto';
import type { Binding, OpAttribute } from '../addon/binding.ts';
import type { AnyBatch, Constant } from './anyBatch.ts';
import { typed } from './anyBatch.ts';
import type { AttrValue, NodeDef, SignatureDef, TensorInfo } from './messages.ts';
import { dataType, shapeMessage } from './messages.ts';
import type { ArgumentSpec } from './program.ts';
import { valuesRead, whatIsNeeded } from './needed.ts';
import type { Source, Values } from './recording.ts';

/** A float32 variable of the graph. */
export interface VariableSpec {
  readonly key: string;
  readonly shape: readonly number[];
}

export interface PlaceholderSpec {
  readonly shape: readonly number[];
  readonly dtype: ArgumentSpec['dtype'];
}

const float: AttrValue = { type: dataType.float32 };

/** Collects the nodes of a graph: variables, functions recorded over them, and the signatures to call it all by. */
export class GraphWriter {
  readonly nodes: NodeDef[] = [];
  readonly signatures: Record<string, SignatureDef> = {};
  readonly #binding: Binding;
  readonly #variables = new Map<string, number>();
  /** Constants by type, shape and content. */
  readonly #constants = new Map<string, string>();
  #named = 0;

  /** Adds the variables with their signatures `read` and `write`, by whose numbers they are called. */
  constructor(binding: Binding, variables: readonly VariableSpec[]) {
    this.#binding = binding;
    const written: Record<string, TensorInfo> = {};
    const read: Record<string, TensorInfo> = {};
    for (const [index, { key, shape }] of variables.entries()) {
      this.#variables.set(key, index);
      const attr = { dtype: float, shape: { shape: shapeMessage(shape) } };
      this.#add(`variable${index}`, 'VarHandleOp', [], {
        ...attr,
        shared_name: { s: Buffer.from(`variable${index}`) },
        container: { s: Buffer.alloc(0) },
      });
      this.#add(`read${index}`, 'ReadVariableOp', [`variable${index}`], { dtype: float });
      this.#add(`value${index}`, 'Placeholder', [], attr);
      this.#add(`write${index}`, 'AssignVariableOp', [`variable${index}`, `value${index}`], { dtype: float });
      written[`${index}`] = tensorInfo(`value${index}`, dataType.float32, shape);
      read[`${index}`] = tensorInfo(`read${index}`, dataType.float32, shape);
    }
    const all = variables.map((_, index) => `^write${index}`);
    const done = this.#constantNode('done', {
      dtype: dataType.float32,
      shape: [],
      values: new Float32Array(1),
    });
    this.#add('written', 'Identity', [done, ...all], { T: float });
    const outputs = { done: tensorInfo('written', dataType.float32, []) };
    this.signatures['write'] = { inputs: written, outputs };
    this.signatures['read'] = { inputs: {}, outputs: read };
  }

  /**
   * Adds a function at one batch size as the signature `name`. Every result named in `updates` is written to its
   * variable before the others are given; a variable is always read before it is written.
   */
  addFunction(
    name: string,
    recorded: AnyBatch,
    batch: number,
    inputs: Readonly<Record<string, PlaceholderSpec>>,
    updates: ReadonlySet<string>,
  ): void {
    const placeholders: Record<string, TensorInfo> = {};
    const places = new Map<string, string>();
    for (const [index, [input, { shape, dtype }]] of Object.entries(inputs).entries()) {
      const node = `${name}/input${index}`;
      const attr = { dtype: { type: dataType[dtype] }, shape: { shape: shapeMessage(shape) } };
      this.#add(node, 'Placeholder', [], attr);
      places.set(`input:${input}`, node);
      placeholders[input] = tensorInfo(node, dataType[dtype], shape);
    }
    const nodeOf = (source: Source): string => {
      switch (source.from) {
        case 'argument': {
          const variable = this.#variables.get(source.name);
          const node = places.get(source.name) ?? (variable === undefined ? undefined : `read${variable}`);
          if (node === undefined) throw new Error(`The graph has no ${source.name}`);
          return node;
        }
        case 'constant':
          return this.#constant(recorded.constant(source.index, batch));
        case 'operation':
          return source.output === 0 ? `${name}/${source.index}` : `${name}/${source.index}:${source.output}`;
      }
    };
    const needed = whatIsNeeded(recorded);
    for (const [index, operation] of recorded.operations.entries()) {
      if (!needed.operations.has(index)) continue;
      const waits = operation.after.map((source) => controlOf(nodeOf(source)));
      const read = [...operation.inputs.map(nodeOf), ...waits];
      this.#add(`${name}/${index}`, operation.name, read, this.#attributes(operation.attributes));
    }
    const covered = new Set(needed.updates.flatMap(({ entries }) => entries.map(({ key }) => key)));
    const computed = [...recorded.results].filter(([key]) => !covered.has(key));
    const changes = computed.filter(
      ([key, { source }]) => updates.has(key) && !(source.from === 'argument' && source.name === key),
    );
    // Nothing is written before everything is computed: a call that fails leaves the state as it was.
    const ready = `${name}/ready`;
    const sources = [...computed.map(([, { source }]) => source), ...needed.updates.flatMap(valuesRead)];
    if (changes.length + needed.updates.length > 0)
      this.#add(ready, 'NoOp', [...new Set(sources.map((source) => controlOf(nodeOf(source))))], {});
    const assigned: string[] = [];
    for (const [key, { source }] of changes) {
      const variable = this.#variableOf(key);
      const before = [`variable${variable}`, nodeOf(source), `^read${variable}`, `^${ready}`];
      assigned.push(this.#add(`${name}/update${variable}`, 'AssignVariableOp', before, { dtype: float }));
    }
    for (const { update, entries } of needed.updates) {
      const variables = entries.map(({ key }) => this.#variableOf(key));
      const lessened = entries.flatMap(({ less }, at) => {
        if (less === null) return [];
        const inputs = [`variable${variables[at]}`, nodeOf(less), `^${ready}`];
        return [this.#add(`${name}/less${variables[at]}`, 'AssignSubVariableOp', inputs, { dtype: float })];
      });
      const inputs = [
        ...variables.map((variable) => `variable${variable}`),
        ...update.inputs.map(nodeOf),
        `^${ready}`,
        ...lessened.map(controlOf),
      ];
      const attributes = this.#attributes(update.attributes);
      assigned.push(this.#add(`${name}/update${variables[0]}`, update.name, inputs, attributes));
    }
    const outputs: Record<string, TensorInfo> = {};
    for (const [key, { source, dtype }] of recorded.results) {
      if (updates.has(key)) continue;
      const type = dtype === 'int32' ? dataType.int32 : dtype === 'bool' ? dataType.bool : dataType.float32;
      const node = `${name}/output${Object.keys(outputs).length}`;
      this.#add(node, 'Identity', [nodeOf(source), ...assigned.map(controlOf)], { T: { type } });
      outputs[key] = tensorInfo(node, type, []);
    }
    this.signatures[name] = { inputs: placeholders, outputs };
  }

  #add(name: string, op: string, input: readonly string[], attr: NodeDef['attr']): string {
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  #attributes(attributes: readonly OpAttribute[]): NodeDef['attr'] {
    return Object.fromEntries(attributes.map((one) => [one.name, attrValue(this.#binding, one)] as const));
  }

  #variableOf(key: string): number {
    const variable = this.#variables.get(key);
    if (variable === undefined) throw new Error(`The graph has no variable ${key}`);
    return variable;
  }

  /** The node of a constant; one node for all equal ones. */
  #constant(constant: Constant): string {
    if (constant.kind === 'values') {
      const { dtype, shape, values } = constant;
      const content = createHash('sha1').update(bytesOf(values)).digest('base64');
      return this.#once(`${dtype}[${shape.join()}]${content}`, (name) =>
        this.#constantNode(name, { dtype, shape, values }),
      );
    }
    const { dtype, shape, value } = constant;
    return this.#once(`${dtype}[${shape.join()}]=${value}`, (name) => {
      const size: Constant = {
        kind: 'values',
        dtype: dataType.int32,
        shape: [shape.length],
        values: Int32Array.from(shape),
      };
      const single: Constant = { kind: 'values', dtype, shape: [], values: typed(dtype, [value]) };
      this.#add(name, 'Fill', [this.#constant(size), this.#constant(single)], {
        T: { type: dtype },
        index_type: { type: dataType.int32 },
      });
      return name;
    });
  }

  #once(key: string, make: (name: string) => string): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    this.#named += 1;
    const name = make(`constant${this.#named}`);
    this.#constants.set(key, name);
    return name;
  }

  #constantNode(
    name: string,
    { dtype, shape, values }: { dtype: number; shape: readonly number[]; values: Values },
  ): string {
    const tensor = { dtype, tensor_shape: shapeMessage(shape), tensor_content: bytesOf(values) };
    this.#add(name, 'Const', [], { dtype: { type: dtype }, value: { tensor } });
    return name;
  }
}

/** The input that makes a node wait for another, whose outputs it does not read. */
function controlOf(node: string): string {
  return `^${node.replace(/:\d+$/, '')}`;
}

function tensorInfo(node: string, dtype: number, shape: readonly number[]): TensorInfo {
  return { name: `${node}:0`, dtype, tensor_shape: shapeMessage(shape) };
}

function bytesOf(values: Values): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function attrValue(binding: Binding, { name, type, value }: OpAttribute): AttrValue {
  if (type === binding.TF_ATTR_SHAPE) return { shape: shapeMessage(value as number[]) };
  const field = new Map([
    [binding.TF_ATTR_STRING, 's'],
    [binding.TF_ATTR_INT, 'i'],
    [binding.TF_ATTR_FLOAT, 'f'],
    [binding.TF_ATTR_BOOL, 'b'],
    [binding.TF_ATTR_TYPE, 'type'],
  ]).get(type);
  if (field === undefined) throw new Error(`Attribute ${name} is of a kind that is not written`);
  const encoded = (one: unknown): unknown => (field === 's' ? Buffer.from(one as string) : one);
  if (Array.isArray(value)) return { list: { [field]: value.map(encoded) } };
  return { [field]: encoded(value) };
}
