import type { ExportFormat } from '../../../shared/domain/export.ts';
import type { Exporter } from './exporter.ts';
import { h5Exporter } from './formats/h5.ts';
import { kerasExporter } from './formats/keras.ts';
import { kerasProjectExporter } from './formats/kerasProject.ts';
import { onnxExporter } from './formats/onnx.ts';
import { savedModelExporter } from './formats/savedmodel.ts';
import { tfjsExporter } from './formats/tfjs.ts';
import { tfjsGraphExporter } from './formats/tfjsGraph.ts';
import { tfliteExporter } from './formats/tflite.ts';

const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  tfjs: tfjsExporter,
  'tfjs-graph': tfjsGraphExporter,
  keras: kerasExporter,
  h5: h5Exporter,
  savedmodel: savedModelExporter,
  tflite: tfliteExporter,
  onnx: onnxExporter,
  'keras-project': kerasProjectExporter,
};

export function exporterOf(format: ExportFormat): Exporter {
  return exporters[format];
}
