import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { DecodeTarget } from '../../dataset/index.ts';
import { forward, graphLayerName, importNetwork, inferenceMode } from '../../network/index.ts';
import type { StoredModel } from '../../project/modelFolder.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import { openGraphPrefix } from '../../training/features/graphPrefix.ts';
import type { Prefix } from '../../training/features/prefix.ts';
import { openPrefix } from '../../training/features/prefix.ts';
import { err } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';

/** A trained model that gives [count × classes] probabilities for [count, height, width, 3] pixels. */
export interface Classifier {
  readonly target: DecodeTarget;
  run(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens a stored model in ONNX Runtime, or in TensorFlow where its features come from a GraphModel. */
export async function openClassifier(model: StoredModel): Promise<Result<Classifier>> {
  const { network, info } = model;
  const target = { width: info.imageSize, height: info.imageSize, resize: info.resize };
  const opened =
    model.graphFolder === null
      ? await openPrefix(network, model.weights, { frontier: [network.output], preprocess: info.preprocess })
      : await openGraphClassifier(model, model.graphFolder);
  if (!opened.ok) return opened;
  const { run, dispose } = opened.value;
  return ok({ target, run: run.bind(opened.value), dispose: dispose.bind(opened.value) });
}

async function openGraphClassifier(
  { network, weights, info }: StoredModel,
  folder: string,
): Promise<Result<Pick<Prefix, 'run' | 'dispose'>>> {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) return runtime;
  const graph = await importNetwork(folder);
  if (!graph.ok) return graph;
  if (graph.value.kind !== 'graph') return err(thawError('input-corrupt', `${folder} is not a GraphModel.`));
  const { tf, description } = runtime.value;
  const prefix = await openGraphPrefix(tf, graph.value, info.preprocess, description);
  if (!prefix.ok) return prefix;
  return ok({
    async run(pixels, count) {
      const features = await prefix.value.run(pixels, count);
      const probabilities = tf.tidy(() => {
        const variables = new Map<string, Tensor>();
        for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
        const feeds = new Map([[graphLayerName, tf.tensor(features, [count, features.length / count])]]);
        const [output] = forward(tf, network, variables, feeds, [network.output], inferenceMode);
        if (output === undefined) throw new Error('The head gave no output');
        return output;
      });
      const values = (await probabilities.data()) as Float32Array;
      probabilities.dispose();
      return values;
    },
    dispose: () => prefix.value.dispose(),
  });
}
