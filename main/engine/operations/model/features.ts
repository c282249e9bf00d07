import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { createDecoder } from '../../dataset/index.ts';
import type { DecodeTarget } from '../../dataset/index.ts';
import { readExportFile } from '../../export/common/exportFile.ts';
import type { JobContext } from '../../jobs/context.ts';
import { warningsOf } from '../../jobs/context.ts';
import type { FeatureRow, FeaturesRequest } from '../../jobs/operations.ts';
import type { ImportedGraph, WeightArray } from '../../network/index.ts';
import { attachHead, choosePreprocess, dropHead, resolveBackbone } from '../../network/index.ts';
import { findModel, readModel } from '../../project/modelFolder.ts';
import type { FrozenOptions } from '../../training/features/frozen/openFrozenLayers.ts';
import { openGraphPrefix } from '../../training/features/graph/openGraphPrefix.ts';
import type { Prefix } from '../../training/features/prefix.ts';
import { openPrefix } from '../../training/features/prefix.ts';
import { storedGraph } from './classifier.ts';

interface Extractor {
  readonly prefix: Prefix;
  readonly layer: string;
  readonly target: DecodeTarget;
}

/**
 * One layer's activations for image files: of a run, a model folder or a bundled backbone, by default the backbone's
 * pooled output. Errors: usage for a layer that is not there; those of the model and of the first unreadable image.
 */
export async function features(request: FeaturesRequest, context: JobContext): Promise<Result<FeatureRow[]>> {
  // An export is a model like any made elsewhere, whose own format is read.
  const isExport = (await readExportFile(request.model)) !== null;
  const trained = isExport ? null : await findModel(request.model);
  if (trained !== null && request.weights !== null)
    return err(
      thawError('usage', `${request.model} is a run, which has weights of its own.`, {
        remedy: 'Leave out --weights.',
      }),
    );
  const options = { few: true, onNotice: warningsOf(context) };
  const opened = await (trained === null ? ofModel(request, context, options) : ofRun(request, options));
  if (!opened.ok) return opened;
  const { prefix, layer, target } = opened.value;
  const decoder = createDecoder();
  try {
    const rows: FeatureRow[] = [];
    for (const image of request.images) {
      await context.gate();
      if (context.signal.aborted) return err(thawError('cancelled', 'The job was cancelled.'));
      const pixels = await decoder.decodeFile(image, target);
      if (!pixels.ok) return pixels;
      const values = await prefix.run(pixels.value, 1);
      rows.push({ image, layer, shape: prefix.outputs[0]?.shape ?? [], features: [...values] });
      context.emit({ type: 'progress', what: 'features', done: rows.length, total: request.images.length });
    }
    return ok(rows);
  } finally {
    await decoder.close();
    await prefix.dispose();
  }
}

/** A run's own preprocessing, size and weights, the fine-tuned ones where it has them. */
async function ofRun(request: FeaturesRequest, options: FrozenOptions): Promise<Result<Extractor>> {
  const model = await readModel(request.model);
  if (!model.ok) return model;
  const { network, weights, info, graphLocation } = model.value;
  if (graphLocation !== null) {
    const graph = await storedGraph(model.value, graphLocation);
    return graph.ok ? ofGraph(graph.value, request, info.preprocess) : graph;
  }
  const layer = request.layer ?? info.featureLayer;
  return extractor(network, weights, layer, info.preprocess, info, options);
}

async function ofModel(
  request: FeaturesRequest,
  context: JobContext,
  options: FrozenOptions,
): Promise<Result<Extractor>> {
  const imported = await resolveBackbone(request.model, { weights: request.weights });
  if (!imported.ok) return imported;
  const { preprocess, notice } = choosePreprocess(request.preprocess, imported.value, request.model);
  if (notice !== null) context.emit({ type: 'log', level: 'warning', message: notice });
  if (imported.value.kind === 'graph') return ofGraph(imported.value, request, preprocess);
  const { network, weights } = imported.value;
  const target = { imageSize: network.inputShape[0], resize: request.resize };
  if (request.layer !== null) return extractor(network, weights, request.layer, preprocess, target, options);
  const dropped = dropHead(network);
  if (!dropped.ok) return dropped;
  const choice = { classes: ['0', '1'], units: [], dropout: 0, seed: 0, imageSize: null };
  const pooled = attachHead(dropped.value.network, weights, choice);
  if (!pooled.ok) return pooled;
  const { featureLayer } = pooled.value;
  return extractor(pooled.value.network, pooled.value.weights, featureLayer, preprocess, target, options);
}

async function ofGraph(
  graph: ImportedGraph,
  request: FeaturesRequest,
  preprocess: Preprocess,
): Promise<Result<Extractor>> {
  const layer = request.layer ?? graph.featureOutput;
  const prefix = await openGraphPrefix(graph, preprocess, { output: layer });
  const [height, width] = graph.inputShape;
  return prefix.ok
    ? ok({ prefix: prefix.value, layer, target: { width, height, resize: request.resize } })
    : prefix;
}

async function extractor(
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  layer: string,
  preprocess: Preprocess,
  { imageSize, resize }: { imageSize: number; resize: DecodeTarget['resize'] },
  options: FrozenOptions,
): Promise<Result<Extractor>> {
  if (!network.layers.some(({ name }) => name === layer))
    return err(
      thawError('usage', `${network.name} has no layer "${layer}".`, {
        expected: 'the name of one of its layers',
        found: layer,
        remedy: '`thaw inspect MODEL` lists them.',
      }),
    );
  const prefix = await openPrefix(network, weights, { ...options, frontier: [layer], preprocess });
  return prefix.ok
    ? ok({ prefix: prefix.value, layer, target: { width: imageSize, height: imageSize, resize } })
    : prefix;
}
