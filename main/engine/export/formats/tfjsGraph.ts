import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ok } from '../../../../shared/result.ts';
import { webExamples } from '../examples/webExamples.ts';
import type { Exporter } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import { emitGraph } from '../graphdef/emitGraph.ts';
import type { GraphDefNode } from '../graphdef/nodes.ts';
import { NodeList } from '../graphdef/nodes.ts';
import { lowerNetwork } from '../lowering/lowerNetwork.ts';
import { nodeJson, tensorJson } from '../tfjs/graphJson.ts';
import { openTfjs } from '../tfjs/openTfjs.ts';
import type { TfjsWeight, WeightsGroup } from '../tfjs/weightFiles.ts';
import { writeWeightFiles } from '../tfjs/weightFiles.ts';

/**
 * A TensorFlow.js GraphModel: batch normalisation folded, convolution, bias and activation in one operation. Input
 * `image`, output `probabilities`.
 */
export const tfjsGraphExporter: Exporter = {
  format: 'tfjs-graph',
  async write({ model }, { weights }, folder) {
    const { network, info } = model;
    const lowered = lowerNetwork(network, model.weights, info.preprocess);
    if (!lowered.ok) return lowered;
    const list = new NodeList();
    const shape = [null, info.imageSize, info.imageSize, 3];
    const image = list.add('image', 'Placeholder', [], { dtype: { type: 'float32' }, shape: { shape } });
    const value = emitGraph(list, lowered.value, { fuse: true, image });
    const output = list.add('probabilities', 'Identity', [value], { T: { type: 'float32' } });
    const manifest = await writeWeightFiles(folder, graphWeights(list.nodes), weights);
    const ends = { image, shape, output, outputShape: [null, info.classes.length] };
    await writeFileAtomic(path.join(folder, 'model.json'), graphModelJson(list.nodes, ends, manifest));
    return ok(nothingMore);
  },
  open: (folder, imageSize) => openTfjs(folder, imageSize, 'graph'),
  examples: (facts) => webExamples(facts, 'graph'),
};

export interface GraphEnds {
  readonly image: string;
  readonly shape: readonly (number | null)[];
  readonly output: string;
  readonly outputShape: readonly (number | null)[];
}

/** The text of a GraphModel's `model.json`. */
export function graphModelJson(
  nodes: readonly GraphDefNode[],
  { image, shape, output, outputShape }: GraphEnds,
  weightsManifest: readonly WeightsGroup[],
): string {
  return JSON.stringify({
    format: 'graph-model',
    generatedBy: 'Thaw',
    convertedBy: null,
    signature: {
      inputs: { image: tensorJson(image, shape) },
      outputs: { probabilities: tensorJson(output, outputShape) },
    },
    modelTopology: { node: nodes.map(nodeJson), library: {}, versions: { producer: 561 } },
    weightsManifest,
  });
}

/** The constants of a graph, under their nodes' names. */
export function graphWeights(nodes: readonly GraphDefNode[]): TfjsWeight[] {
  const depthwise = new Set(
    nodes.filter(({ op }) => op.includes('Depthwise')).map(({ inputs }) => inputs[1] ?? ''),
  );
  return nodes.flatMap(({ name, value }): TfjsWeight[] => {
    if (value === null) return [];
    const role = value.shape.length < 2 ? 'exact' : depthwise.has(name) ? 'depthwise' : 'kernel';
    return [{ name, shape: value.shape, dtype: value.dtype, data: value.data, role }];
  });
}
