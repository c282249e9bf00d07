import type { ExportFormat } from '../../../shared/domain/export.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Exporter } from './exporter.ts';
import { h5Exporter } from './formats/h5.ts';
import { kerasExporter } from './formats/keras.ts';
import { onnxExporter } from './formats/onnx.ts';
import { tfliteExporter } from './formats/tflite.ts';
import { tfjsExporter } from './formats/tfjs.ts';
import { tfjsGraphExporter } from './formats/tfjsGraph.ts';
import { savedModelExporter } from './formats/savedmodel.ts';

const exporters: Readonly<Partial<Record<ExportFormat, Exporter>>> = {
  'tfjs-graph': tfjsGraphExporter,
  tfjs: tfjsExporter,
  keras: kerasExporter,
  h5: h5Exporter,
  savedmodel: savedModelExporter,
  tflite: tfliteExporter,
  onnx: onnxExporter,
};

/** Errors: engine-unsupported for a format this version does not write. */
export function exporterOf(format: ExportFormat): Result<Exporter> {
  const exporter = exporters[format];
  if (exporter !== undefined) return ok(exporter);
  return err(
    thawError('engine-unsupported', `Exporting as ${format} comes with a later version.`, {
      expected: Object.keys(exporters).join(', '),
    }),
  );
}
