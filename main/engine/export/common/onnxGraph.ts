import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { GraphBuilder } from '../../network/index.ts';
import {
  emitBehind,
  graphLayerName,
  graphOfSize,
  importNetwork,
  opsetOf,
  wrapOnnx,
} from '../../network/index.ts';
import type { StoredModel } from '../../project/modelFolder.ts';
import { openOnnxPrefix } from '../../training/features/graph/onnxPrefix.ts';

/** The operator set from which the head's operations mean what they do in the newest. */
const oldestOpset = 11;

/**
 * A classifier whose features come from an ONNX model, as one ONNX model: scaling, the model as it is, the mean over
 * places, the head. Errors: those of importNetwork; engine-unsupported for an operator set the head cannot be written in.
 */
export async function onnxOnGraph(
  model: StoredModel,
  location: string,
): Promise<Result<{ bytes: Uint8Array; opset: number }>> {
  const { network, weights, info } = model;
  const imported = await importNetwork(location);
  if (!imported.ok) return imported;
  if (imported.value.kind !== 'graph' || imported.value.program.format !== 'ONNX')
    return err(thawError('input-corrupt', `${location} is no ONNX model any more.`));
  const { program } = imported.value;
  const opset = opsetOf(program.model) ?? 0;
  if (opset < oldestOpset)
    return err(
      thawError(
        'engine-unsupported',
        `The backbone ${path.basename(location)} is of an operator set too old for the head.`,
        {
          expected: `operator set ${oldestOpset} or later`,
          found: `${opset}`,
          remedy: 'Convert it with onnx.version_converter.convert_version(model, 17), and train on that.',
        },
      ),
    );
  const graph = graphOfSize(imported.value, info.imageSize);
  if (!graph.ok) return graph;
  const probe = await openOnnxPrefix(graph.value, program, info.preprocess, { threads: 1 });
  if (!probe.ok) return probe;
  const { valueShape, channelAxis } = probe.value;
  await probe.value.dispose();
  const behind = (builder: GraphBuilder, value: string): string => {
    const features = vectorOf(builder, value, valueShape.length, channelAxis);
    return emitBehind(builder, network, weights, { layer: graphLayerName, value: features });
  };
  const { featureOutput, inputShape } = graph.value;
  const bytes = wrapOnnx(
    program.model,
    {
      input: program.input,
      inputShape,
      preprocess: info.preprocess,
      inputType: 'float32',
      value: featureOutput,
      behind,
    },
    { input: 'image', output: 'probabilities' },
  );
  return ok({ bytes, opset });
}

/** Of an image, the mean over its places; of anything else, all of its values. */
function vectorOf(graph: GraphBuilder, value: string, rank: number, channelAxis: 1 | 3): string {
  if (rank !== 4) return graph.node('Flatten', [value], { axis: 1 });
  const first = channelAxis === 1 ? value : graph.node('Transpose', [value], { perm: [0, 3, 1, 2] });
  return graph.node('Flatten', [graph.node('GlobalAveragePool', [first])], { axis: 1 });
}
