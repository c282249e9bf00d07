import type { ExportFormat, ExportOptions } from '../../../../shared/domain/export.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { StoredModel } from '../../project/modelFolder.ts';

/**
 * Whether a format can hold a model, before any work is done. All formats are written from layers; a model whose
 * features come from a graph of operations has none to write, but an ONNX graph can be put into an ONNX export as it is.
 * Errors: engine-unsupported.
 */
export function canHold(model: StoredModel, format: ExportFormat, options: ExportOptions): Result<void> {
  if (model.graphLocation === null) return ok(undefined);
  const isOnnx = /\.onnx$/i.test(model.graphLocation);
  if (isOnnx && format === 'onnx') {
    if (options.weights === 'float32') return ok(undefined);
    return err(
      thawError(
        'engine-unsupported',
        'The backbone of this run is an ONNX model, whose weights stay as they are.',
        {
          expected: '--weights float32',
          found: options.weights,
        },
      ),
    );
  }
  const isSavedModel = model.graphLocation.endsWith('saved_model.pb');
  const spoken = isOnnx
    ? 'an ONNX model'
    : isSavedModel
      ? 'a SavedModel without Keras layers'
      : 'a GraphModel';
  return err(
    thawError(
      'engine-unsupported',
      `The backbone of this run is ${spoken}, whose layers Thaw does not know; ${format} needs them.`,
      {
        expected: 'a run on a backbone of layers: a Keras file, a LayersModel, an architecture',
        found: `${spoken} in ${model.graphLocation}`,
        remedy: isOnnx
          ? 'Export it with --format onnx, or train on a Keras file of the same network.'
          : 'Use it with `thaw predict`, or train on a Keras file or LayersModel of the same network.',
      },
    ),
  );
}
