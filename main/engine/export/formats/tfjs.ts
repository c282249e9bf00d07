import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ok } from '../../../../shared/result.ts';
import { webExamples } from '../examples/webExamples.ts';
import type { Exporter } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import type { StandardModel } from '../keras/standardize.ts';
import { standardize } from '../keras/standardize.ts';
import { functionalConfig } from '../keras/topology.ts';
import { openTfjs } from '../tfjs/openTfjs.ts';
import type { TfjsWeight, WeightsGroup } from '../tfjs/weightFiles.ts';
import { writeWeightFiles } from '../tfjs/weightFiles.ts';

/** A TensorFlow.js LayersModel, which can be trained further in a page. Input `image`, scaling in its first layers. */
export const tfjsExporter: Exporter = {
  format: 'tfjs',
  async write({ model }, { weights }, folder) {
    const standard = standardize(model.network, model.weights, model.info.preprocess, 'tfjs');
    if (!standard.ok) return standard;
    const manifest = await writeWeightFiles(folder, layersWeights(standard.value), weights);
    await writeFileAtomic(path.join(folder, 'model.json'), layersModelJson(standard.value, manifest));
    return ok(nothingMore);
  },
  open: (folder, imageSize) => openTfjs(folder, imageSize, 'layers'),
  examples: (facts) => webExamples(facts, 'layers'),
};

/** The text of a LayersModel's `model.json`. */
export function layersModelJson(model: StandardModel, weightsManifest: readonly WeightsGroup[]): string {
  return JSON.stringify({
    format: 'layers-model',
    generatedBy: 'Thaw',
    convertedBy: null,
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: { class_name: 'Functional', config: functionalConfig(model, false) },
    },
    weightsManifest,
  });
}

/** Weights by `layer/weight`, as TensorFlow.js looks for them. */
export function layersWeights({ layers }: StandardModel): TfjsWeight[] {
  return layers.flatMap(({ name: layer, weights }) =>
    weights.map(({ name, value }): TfjsWeight => {
      const role =
        value.shape.length < 2 || layer.startsWith('preprocess')
          ? 'exact'
          : name === 'depthwise_kernel'
            ? 'depthwise'
            : 'kernel';
      return { name: `${layer}/${name}`, shape: value.shape, dtype: 'float32', data: value.data, role };
    }),
  );
}
