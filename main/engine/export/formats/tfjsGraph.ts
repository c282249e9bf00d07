import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ok } from '../../../../shared/result.ts';
import { needLayers } from '../common/needLayers.ts';
import { webExamples } from '../examples/webExamples.ts';
import type { Exporter } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import { emitGraph } from '../graphdef/emitGraph.ts';
import type { GraphDefNode } from '../graphdef/nodes.ts';
import { NodeList } from '../graphdef/nodes.ts';
import { lowerNetwork } from '../lowering/lowerNetwork.ts';
import { nodeJson, tensorJson } from '../tfjs/graphJson.ts';
import { openTfjs } from '../tfjs/openTfjs.ts';
import type { TfjsWeight } from '../tfjs/weightFiles.ts';
import { writeWeightFiles } from '../tfjs/weightFiles.ts';

/**
 * A TensorFlow.js GraphModel: batch normalisation folded, convolution, bias and activation in one operation. Input
 * `image`, output `probabilities`.
 */
export const tfjsGraphExporter: Exporter = {
  format: 'tfjs-graph',
  async write({ model }, { weights }, folder) {
    const layers = needLayers(model, 'tfjs-graph');
    if (!layers.ok) return layers;
    const { network, info } = model;
    const lowered = lowerNetwork(network, model.weights, info.preprocess);
    if (!lowered.ok) return lowered;
    const list = new NodeList();
    const shape = [null, info.imageSize, info.imageSize, 3];
    const image = list.add('image', 'Placeholder', [], { dtype: { type: 'float32' }, shape: { shape } });
    const value = emitGraph(list, lowered.value, { fuse: true, image });
    const output = list.add('probabilities', 'Identity', [value], { T: { type: 'float32' } });
    const weightsManifest = await writeWeightFiles(folder, weightsOf(list.nodes), weights);
    const file = {
      format: 'graph-model',
      generatedBy: 'Thaw',
      convertedBy: null,
      signature: {
        inputs: { image: tensorJson(image, shape) },
        outputs: { probabilities: tensorJson(output, [null, info.classes.length]) },
      },
      modelTopology: { node: list.nodes.map(nodeJson), library: {}, versions: { producer: 561 } },
      weightsManifest,
    };
    await writeFileAtomic(path.join(folder, 'model.json'), JSON.stringify(file));
    return ok(nothingMore);
  },
  open: (folder, imageSize) => openTfjs(folder, imageSize, 'graph'),
  examples: (facts) => webExamples(facts, 'graph'),
};

function weightsOf(nodes: readonly GraphDefNode[]): TfjsWeight[] {
  const depthwise = new Set(
    nodes.filter(({ op }) => op.includes('Depthwise')).map(({ inputs }) => inputs[1] ?? ''),
  );
  return nodes.flatMap(({ name, value }): TfjsWeight[] => {
    if (value === null) return [];
    const role = value.shape.length < 2 ? 'exact' : depthwise.has(name) ? 'depthwise' : 'kernel';
    return [{ name, shape: value.shape, dtype: value.dtype, data: value.data, role }];
  });
}
