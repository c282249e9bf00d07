import path from 'node:path';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { OnnxModel, OnnxTensorMessage } from '../../onnx/messages.ts';
import { folderFiles } from '../files/modelFiles.ts';
import type { ImportedGraph } from '../frozen/importedGraph.ts';
import { usualSize } from '../inputSize.ts';
import { checkOnnx } from './checkOnnx.ts';
import { featureValueOf } from './featureValue.ts';
import { imageInputOf } from './imageInput.ts';
import { readOnnx } from './readOnnx.ts';
import { scalingOf } from './scaling.ts';
import { OnnxValues } from './walk.ts';

/**
 * Reads and checks an ONNX model without running it. It serves as a frozen backbone: its features are what its
 * classifier reads, or its output where it has none.
 * Errors: input-missing, input-corrupt, input-refused (custom operations, loops, weights outside its folder),
 * engine-unsupported (not one RGB image, a model in training mode, more than 2 GB).
 */
export async function importOnnx(location: string): Promise<Result<ImportedGraph>> {
  const name = path.basename(location);
  const file = await readOnnx(location);
  if (!file.ok) return file;
  const { model, names, hash } = file.value;
  const checked = checkOnnx(model, name);
  if (!checked.ok) return checked;
  const [output] = model.graph?.output ?? [];
  if (model.graph === null || output === undefined)
    return err(thawError('input-corrupt', `${name} gives nothing: its graph lists no outputs.`));
  const values = new OnnxValues(model.graph);
  const featureOutput = featureValueOf(values, output.name);
  if (!values.has(featureOutput))
    return err(
      thawError('input-corrupt', `${name} is damaged: no operation gives "${featureOutput}".`, {
        remedy: 'Export the model again.',
      }),
    );
  const image = imageInputOf(values, name);
  if (!image.ok) return image;
  const { height, width } = image.value;
  return ok({
    kind: 'graph',
    program: { format: 'ONNX', model, input: image.value },
    location,
    name: name.replace(/\.onnx$/i, ''),
    card: null,
    inputShape: [height ?? width ?? usualSize, width ?? height ?? usualSize, 3],
    anySize: height === null || width === null,
    outputs: model.graph.output.map((one) => one.name),
    featureOutput,
    operations: model.graph.node.length,
    parameters: countParameters(model),
    preprocess: scalingOf(model, values, image.value),
    // PyTorch's own models, from which most of its exports descend, are trained that way.
    usualPreprocess: model.producer_name === 'pytorch' ? 'torch' : 'tf',
    weightsHash: hash,
    files: { from: folderFiles(path.dirname(location)), names },
    notices: [],
  });
}

/** Floating-point and quantised weights; whole numbers of 64 bits are shapes and indices. */
const weightTypes = new Set([1, 2, 3, 10, 11, 16]);

function countParameters({ graph }: OnnxModel): number {
  const constants = (graph?.node ?? []).flatMap(({ op_type: op, attribute }) =>
    op === 'Constant' ? attribute.flatMap(({ t }) => (t === null ? [] : [t])) : [],
  );
  const sizeOf = ({ dims }: OnnxTensorMessage): number =>
    dims.reduce<number>((product, length) => product * Number(length), 1);
  return [...(graph?.initializer ?? []), ...constants]
    .filter((tensor) => weightTypes.has(tensor.data_type) && tensor.dims.length > 0)
    .reduce((sum, tensor) => sum + sizeOf(tensor), 0);
}
