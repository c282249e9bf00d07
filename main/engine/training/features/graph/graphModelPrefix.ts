import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import type { GraphProgram, ImportedGraph } from '../../../network/index.ts';
import { openGraphModel } from '../../../runtime/graphs/graphModel.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Prefix } from '../prefix.ts';
import type { GraphPrefixOptions } from './openGraphPrefix.ts';
import { prefixOfRunner } from './runnerPrefix.ts';

type GraphModel = Extract<GraphProgram, { format: 'GraphModel' }>;

/** A TensorFlow.js GraphModel, in TensorFlow.js. Errors: engine-missing, engine-unsupported. */
export async function openGraphModelPrefix(
  graph: ImportedGraph,
  { input }: GraphModel,
  preprocess: Preprocess,
  { output = graph.featureOutput, provision = true }: GraphPrefixOptions,
): Promise<Result<Prefix>> {
  const runtime = await loadTensorFlow({ provision });
  if (!runtime.ok) return runtime;
  const { tf } = runtime.value;
  const { location, inputShape } = graph;
  const opened = await openGraphModel(tf, { location, input, inputShape }, output);
  return prefixOfRunner(runtime.value, opened, inputShape, preprocess);
}
