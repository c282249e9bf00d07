import path from 'node:path';
import type { Preprocess } from '../../../../../shared/domain/network.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err } from '../../../../../shared/result.ts';
import type { GraphProgram, ImportedGraph } from '../../../network/index.ts';
import { openFrozenGraph } from '../../../runtime/graphs/frozenGraph.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Prefix } from '../prefix.ts';
import type { GraphPrefixOptions } from './openGraphPrefix.ts';
import { prefixOfRunner } from './runnerPrefix.ts';

type SavedModel = Extract<GraphProgram, { format: 'SavedModel' }>;

/** A SavedModel's graph, in TensorFlow. Errors: engine-missing without the native library; usage, engine-unsupported. */
export async function openSavedModelPrefix(
  graph: ImportedGraph,
  { nodes, input }: SavedModel,
  preprocess: Preprocess,
  { output = graph.featureOutput, provision = true }: GraphPrefixOptions,
): Promise<Result<Prefix>> {
  const name = path.basename(graph.location);
  if (!nodes.some((node) => node.name === output.replace(/:\d+$/, '')))
    return err(
      thawError('usage', `${name} has no value "${output}".`, {
        expected: `the name of an operation, such as ${graph.featureOutput}`,
        found: output,
      }),
    );
  if (input.type === 'uint8' && preprocess !== 'none')
    return err(
      thawError('usage', `${name} takes pixels as they are, whole numbers of 0–255.`, {
        expected: 'no --preprocess, or none',
        found: preprocess,
      }),
    );
  const runtime = await loadTensorFlow({ provision });
  if (!runtime.ok) return runtime;
  const { tf, kind, reason } = runtime.value;
  if (kind !== 'native')
    return err(
      thawError('engine-missing', `Running the SavedModel ${name} needs TensorFlow’s native library.`, {
        expected: 'the native runtime',
        found: 'portable mode',
        remedy: reason?.remedy ?? 'Unset THAW_RUNTIME, then run `thaw doctor`; or convert the model to ONNX.',
      }),
    );
  const { inputShape } = graph;
  const opened = await openFrozenGraph(tf, { nodes, input, inputShape, output }, name);
  return prefixOfRunner(runtime.value, opened, inputShape, preprocess);
}
