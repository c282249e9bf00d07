import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensorMessage } from '../../onnx/messages.ts';

/** Every node of a model: of its graph, of the graphs inside nodes, and of its functions. */
export function* allNodes(model: OnnxModel): Generator<OnnxNode> {
  if (model.graph !== null) yield* nodesOf(model.graph);
  for (const { node } of model.functions) for (const one of node) yield* withInner(one);
}

function* nodesOf(graph: OnnxGraph): Generator<OnnxNode> {
  for (const node of graph.node) yield* withInner(node);
}

function* withInner(node: OnnxNode): Generator<OnnxNode> {
  yield node;
  for (const graph of innerGraphs(node)) yield* nodesOf(graph);
}

function innerGraphs({ attribute }: OnnxNode): OnnxGraph[] {
  return attribute.flatMap(({ g, graphs }) => (g === null ? [...graphs] : [g, ...graphs]));
}

/** The tensors that are not initializers of the model's own graph: attributes, and what inner graphs hold. */
export function tensorsInside(model: OnnxModel): OnnxTensorMessage[] {
  return [...allNodes(model)].flatMap((node) => [
    ...node.attribute.flatMap(({ t, tensors }) => (t === null ? [...tensors] : [t, ...tensors])),
    ...innerGraphs(node).flatMap(({ initializer }) => initializer),
  ]);
}

/** A graph by the names of its values. */
export class OnnxValues {
  readonly #producers: ReadonlyMap<string, OnnxNode>;
  readonly #readers = new Map<string, OnnxNode[]>();
  readonly #initializers: ReadonlyMap<string, OnnxTensorMessage>;

  constructor(readonly graph: OnnxGraph) {
    this.#producers = new Map(
      graph.node.flatMap((node) => node.output.map((value) => [value, node] as const)),
    );
    this.#initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    for (const node of graph.node)
      for (const value of node.input) {
        const readers = this.#readers.get(value);
        if (readers === undefined) this.#readers.set(value, [node]);
        else readers.push(node);
      }
  }

  /** The node that gives a value; none for inputs and constants kept beside the nodes. */
  producer(value: string): OnnxNode | undefined {
    return this.#producers.get(value);
  }

  readers(value: string): readonly OnnxNode[] {
    return this.#readers.get(value) ?? [];
  }

  has(value: string): boolean {
    return this.#producers.has(value);
  }

  /** The tensor behind a value that does not depend on the image, looking through what only stores it otherwise. */
  constant(value: string | undefined): OnnxTensorMessage | null {
    for (let at = value, steps = 0; at !== undefined && steps < 8; steps += 1) {
      const tensor = this.#initializers.get(at);
      if (tensor !== undefined) return tensor;
      const node = this.#producers.get(at);
      if (node?.op_type === 'Constant') return node.attribute.find(({ name }) => name === 'value')?.t ?? null;
      if (node === undefined || !storing.has(node.op_type)) return null;
      at = node.input[0];
    }
    return null;
  }
}

/** Operations between a stored weight and the one that is computed with. */
const storing = new Set([
  'Identity',
  'Cast',
  'DequantizeLinear',
  'Transpose',
  'Reshape',
  'Unsqueeze',
  'Squeeze',
]);

/** A constant's numbers where they are float32 and few; none else. */
export function floatsOf(tensor: OnnxTensorMessage | null, most: number): number[] {
  if (tensor?.data_type !== 1) return [];
  if (tensor.float_data.length > 0) return tensor.float_data.length > most ? [] : [...tensor.float_data];
  const { raw_data: raw } = tensor;
  if (raw.byteLength > 4 * most) return [];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(raw.byteLength / 4) }, (_, index) =>
    view.getFloat32(4 * index, true),
  );
}
