import path from 'node:path';
import { z } from 'zod';
import { thawError } from '../../../../../shared/errors.ts';
import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { BackboneCard } from '../../catalogue/card.ts';
import type { WeightArray } from '../../weights/weights.ts';
import { hashWeights } from '../../weights/weights.ts';
import { folderFiles } from '../files/modelFiles.ts';
import type { ModelJson } from './modelJson.ts';
import type { ImportedGraph } from '../frozen/importedGraph.ts';
import { readShards } from './shards.ts';

const graphNode = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.json()).default({}),
});
type GraphNode = z.infer<typeof graphNode>;

const dimension = z.object({ size: z.union([z.string(), z.number()]).transform(Number) });
const placeholderShape = z.object({ shape: z.object({ dim: z.array(dimension) }) });

/** What may stand between the features and the output: a classifier and its bookkeeping. */
const classifierOperations = new Set([
  'Conv2D',
  '_FusedConv2D',
  'MatMul',
  '_FusedMatMul',
  'BiasAdd',
  'Add',
  'AddV2',
  'Squeeze',
  'Reshape',
  'Softmax',
  'Identity',
  'Relu',
  'Relu6',
]);
const poolings = new Set(['Mean', 'AvgPool', 'Max', 'MaxPool']);

/** Reads and checks a GraphModel without running it. */
export async function importGraphModel(
  folder: string,
  file: string,
  model: ModelJson,
  card: BackboneCard | null,
): Promise<Result<ImportedGraph>> {
  const parsed = z.array(graphNode).min(1).safeParse(model.modelTopology['node']);
  if (!parsed.success)
    return unusable(file, 'its graph lists no operations', z.prettifyError(parsed.error).slice(0, 500));
  const nodes = parsed.data;
  const images = nodes.filter((node) => node.op === 'Placeholder');
  const [image] = images;
  if (image === undefined || images.length !== 1)
    return unusable(file, `it has ${images.length} inputs, and Thaw feeds one image`);
  const shape = imageShape(image, card);
  if (shape === null) return unusable(file, `its input "${image.name}" is not an RGB image of a known size`);
  const weights = await readShards(folderFiles(folder), model.weightsManifest);
  if (!weights.ok) return weights;
  const missing = nodes.find((node) => node.op === 'Const' && !weights.value.has(node.name));
  if (missing !== undefined)
    return unusable(file, `the constant "${missing.name}" has no value among its weights`);
  const outputs = outputsOf(nodes);
  const shards = new Set(model.weightsManifest.flatMap(({ paths }) => paths));
  return ok({
    kind: 'graph',
    program: { format: 'GraphModel', input: image.name },
    location: file,
    name: card?.name ?? folder.split(/[\\/]/).at(-1) ?? 'graph',
    card,
    inputShape: shape,
    anySize: false,
    outputs,
    featureOutput: featureOutputOf(nodes, outputs),
    operations: nodes.length,
    parameters: countParameters(weights.value),
    preprocess: card?.preprocess ?? scalesInside(nodes, image.name, weights.value),
    usualPreprocess: 'tf',
    weightsHash: hashWeights(weights.value),
    files: {
      from: folderFiles(folder),
      names: [path.basename(file), ...shards, ...(card === null ? [] : ['card.json'])],
    },
    notices: [],
  });
}

function imageShape(node: GraphNode, card: BackboneCard | null): readonly [number, number, number] | null {
  const declared = placeholderShape.safeParse(node.attr['shape']);
  if (!declared.success) return null;
  const lengths = declared.data.shape.dim.map(({ size }) => size);
  const [, height = -1, width = -1, channels] = lengths;
  if (lengths.length !== 4 || channels !== 3) return null;
  if (height > 0 && width > 0) return [height, width, 3];
  return card === null ? null : [card.inputSize, card.inputSize, 3];
}

function outputsOf(nodes: readonly GraphNode[]): string[] {
  const read = new Set(nodes.flatMap((node) => node.input.map(nodeName)));
  return nodes
    .filter((node) => !read.has(node.name) && node.op !== 'Const' && node.op !== 'NoOp')
    .map((node) => node.name);
}

/** Walks from the output towards the image through the classifier until a pooling. */
function featureOutputOf(nodes: readonly GraphNode[], outputs: readonly string[]): string {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const output = outputs[0] ?? '';
  let weighted = false;
  for (let node = byName.get(output); node !== undefined;) {
    if (poolings.has(node.op)) return weighted ? node.name : output;
    if (!classifierOperations.has(node.op)) return output;
    weighted ||= /Conv2D|MatMul/.test(node.op);
    const [data] = node.input;
    node = data === undefined ? undefined : byName.get(nodeName(data));
  }
  return output;
}

/**
 * TensorFlow Hub's image modules take 0–1 and scale to −1…1 inside, by a multiplication with 2 and a subtraction
 * of 1 right behind the input.
 */
function scalesInside(
  nodes: readonly GraphNode[],
  input: string,
  weights: ReadonlyMap<string, WeightArray>,
): Preprocess | null {
  const constant = (node: GraphNode): number | undefined =>
    node.input.map((name) => weights.get(nodeName(name))?.data[0]).find((value) => value !== undefined);
  const double = nodes.find(
    (node) => node.op === 'Mul' && node.input.some((name) => nodeName(name) === input),
  );
  if (double === undefined || constant(double) !== 2) return null;
  const shift = nodes.find(
    (node) => node.op === 'Sub' && node.input.some((name) => nodeName(name) === double.name),
  );
  return shift !== undefined && constant(shift) === 1 ? 'unit' : null;
}

function countParameters(weights: ReadonlyMap<string, WeightArray>): number {
  return [...weights.values()].reduce((sum, weight) => sum + weight.data.length, 0);
}

/** `node:1` and `^node` name the node `node`. */
function nodeName(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function unusable(file: string, why: string, detail?: string): Result<never> {
  return err(
    thawError('engine-unsupported', `${file} cannot be used as a backbone: ${why}.`, {
      ...(detail === undefined ? {} : { detail }),
    }),
  );
}
