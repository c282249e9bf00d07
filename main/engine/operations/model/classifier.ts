import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { DecodeTarget } from '../../dataset/index.ts';
import type { ImportedGraph } from '../../network/index.ts';
import { graphLayerName, graphOfSize, importNetwork } from '../../network/index.ts';
import type { StoredModel } from '../../project/modelFolder.ts';
import type { FrozenOptions } from '../../training/features/frozen/openFrozenLayers.ts';
import { openGraphPrefix } from '../../training/features/graph/openGraphPrefix.ts';
import type { Prefix } from '../../training/features/prefix.ts';
import { openPrefix, openSegment } from '../../training/features/prefix.ts';

/** A trained model that gives [count × classes] probabilities for [count, height, width, 3] pixels. */
export interface Classifier {
  readonly target: DecodeTarget;
  run(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** The pixels a stored model takes. */
export function targetOf({ info }: StoredModel): DecodeTarget {
  return { width: info.imageSize, height: info.imageSize, resize: info.resize };
}

/** Opens a stored model as frozen layers; where its features come from a graph, that in the runtime of its format. */
export async function openClassifier(
  model: StoredModel,
  options: FrozenOptions,
): Promise<Result<Classifier>> {
  const { network, info } = model;
  const target = targetOf(model);
  const opened =
    model.graphLocation === null
      ? await openPrefix(network, model.weights, {
          ...options,
          frontier: [network.output],
          preprocess: info.preprocess,
        })
      : await openGraphClassifier(model, model.graphLocation, options);
  if (!opened.ok) return opened;
  const { run, dispose } = opened.value;
  return ok({ target, run: run.bind(opened.value), dispose: dispose.bind(opened.value) });
}

/** The graph a stored model's features come from, for the images it was trained on. Errors: as importNetwork. */
export async function storedGraph({ info }: StoredModel, location: string): Promise<Result<ImportedGraph>> {
  const graph = await importNetwork(location);
  if (!graph.ok) return graph;
  if (graph.value.kind === 'graph') return graphOfSize(graph.value, info.imageSize);
  return err(thawError('input-corrupt', `${location} is another model than the one that was trained on.`));
}

async function openGraphClassifier(
  model: StoredModel,
  location: string,
  options: FrozenOptions,
): Promise<Result<Pick<Prefix, 'run' | 'dispose'>>> {
  const { network, weights, info } = model;
  const graph = await storedGraph(model, location);
  if (!graph.ok) return graph;
  const head = await openSegment(network, weights, [graphLayerName], [network.output], options);
  if (!head.ok) return head;
  const prefix = await openGraphPrefix(graph.value, info.preprocess);
  if (!prefix.ok) {
    await head.value.dispose();
    return prefix;
  }
  return ok({
    run: async (pixels, count) => head.value.run(await prefix.value.run(pixels, count), count),
    async dispose() {
      await prefix.value.dispose();
      await head.value.dispose();
    },
  });
}
