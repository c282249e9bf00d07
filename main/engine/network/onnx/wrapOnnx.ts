import type { Preprocess } from '../../../../shared/domain/network.ts';
import type { OnnxImage } from '../importers/onnx/imageInput.ts';
import { toChannelsFirst, toChannelsLast } from './emission.ts';
import { GraphBuilder } from './graphBuilder.ts';
import type { OnnxGraph, OnnxModel, OnnxNode } from './messages.ts';
import { encodeOnnx } from './messages.ts';
import { emitPreprocess } from './preprocessing.ts';
import { dataTypes } from './proto.ts';

/** What comes before and behind somebody else's ONNX model. */
export interface OnnxWrapping {
  readonly input: OnnxImage;
  /** [height, width, channels]. */
  readonly inputShape: readonly [number, number, number];
  readonly preprocess: Preprocess;
  readonly inputType: 'uint8' | 'float32';
  /** The model's value that is asked for. */
  readonly value: string;
  /**
   * Adds what comes behind the value, which is float32, and answers the name of what is given in the end. Without it
   * that is the value.
   */
  readonly behind?: (graph: GraphBuilder, value: string) => string;
}

/** Names of the wrapped model's input and output. */
export interface OnnxEnds {
  readonly input: string;
  readonly output: string;
}

/**
 * An ONNX model that takes [N, height, width, 3], RGB, 0–255, scales it, turns it as the model inside wants it, and gives
 * one of the model's values, or what is made of it. The nodes of the model inside stay as they are, in all but names.
 */
export function wrapOnnx(model: OnnxModel, wrapping: OnnxWrapping, ends: OnnxEnds): Uint8Array {
  if (model.graph === null) throw new Error('An ONNX model without a graph was imported');
  const { input, inputShape, preprocess, inputType, value, behind } = wrapping;
  const prefix = freePrefix(model.graph);
  const renamed = (name: string): string =>
    name === ends.input || name === ends.output ? `${prefix}own ${name}` : name;
  const inner = withNames(model.graph, renamed);
  const before = new GraphBuilder('float32', `${prefix}before `);
  const pixels = before.input(ends.input, inputType, ['N', ...inputShape]);
  const numbers = before.node('Cast', [pixels], { to: dataTypes.float32 });
  const scaled = emitPreprocess(before, preprocess, toChannelsFirst(before, numbers));
  const turned = input.channels === 'last' ? toChannelsLast(before, scaled) : scaled;
  before.node('Cast', [turned], { to: dataTypes[input.type] }, renamed(input.name));
  const after = new GraphBuilder('float32', `${prefix}after `);
  const wanted = after.node('Cast', [renamed(value)], { to: dataTypes.float32 });
  after.node('Identity', [behind === undefined ? wanted : behind(after, wanted)], {}, ends.output);
  after.output(ends.output, null);
  const stored = new Set(inner.initializer.map(({ name }) => name));
  const [first, last] = [before.parts(), after.parts()];
  return encodeOnnx({
    ...model,
    graph: {
      ...inner,
      node: [...first.node, ...inner.node, ...last.node],
      initializer: [...inner.initializer, ...first.initializer, ...last.initializer],
      input: [...first.input, ...inner.input.filter(({ name }) => stored.has(name))],
      output: last.output,
    },
  });
}

/** A beginning that no name of the graph has. */
function freePrefix(graph: OnnxGraph): string {
  const names = graph.node.flatMap(({ output }) => output);
  const all = [
    ...names,
    ...graph.initializer.map(({ name }) => name),
    ...graph.input.map(({ name }) => name),
  ];
  let prefix = 'thaw:';
  while (all.some((name) => name.startsWith(prefix))) prefix += ':';
  return prefix;
}

type Renaming = (name: string) => string;

/** The graph with other names for its values, in the graphs inside nodes too, which see the values around them. */
function withNames(graph: OnnxGraph, renamed: Renaming): OnnxGraph {
  const named = <One extends { readonly name: string }>(one: One): One =>
    renamed(one.name) === one.name ? one : { ...one, name: renamed(one.name) };
  return {
    ...graph,
    node: graph.node.map((node) => nodeWithNames(node, renamed)),
    initializer: graph.initializer.map(named),
    input: graph.input.map(named),
    output: graph.output.map(named),
    value_info: graph.value_info.map(named),
  };
}

function nodeWithNames(node: OnnxNode, renamed: Renaming): OnnxNode {
  const inner = node.attribute.some(({ g, graphs }) => g !== null || graphs.length > 0);
  const changes = [...node.input, ...node.output].some((name) => renamed(name) !== name);
  if (!inner && !changes) return node;
  const attribute = inner
    ? node.attribute.map(({ ...one }) => ({
        ...one,
        ...(one.g ? { g: withNames(one.g, renamed) } : {}),
        ...(one.graphs?.length ? { graphs: one.graphs.map((graph) => withNames(graph, renamed)) } : {}),
      }))
    : node.attribute;
  return {
    ...node,
    input: node.input.map(renamed),
    output: node.output.map(renamed),
    attribute,
  };
}
