import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err } from '../../../shared/result.ts';
import { readCard } from './catalogue/card.ts';
import { formatOf } from './importers/format.ts';
import type { ImportedGraph } from './importers/frozen/importedGraph.ts';
import { spokenFormat } from './importers/frozen/importedGraph.ts';
import { importGraphModel } from './importers/tensorflowjs/graphModel.ts';
import type { ImportedLayers } from './importers/imported.ts';
import { importKeras } from './importers/keras/importKeras.ts';
import { importOnnx } from './importers/onnx/importOnnx.ts';
import { folderFiles } from './importers/files/modelFiles.ts';
import { locateModel, readModelJson } from './importers/tensorflowjs/modelJson.ts';
import { importSavedModel } from './importers/savedmodel/importSavedModel.ts';
import { importZippedSavedModel } from './importers/savedmodel/zippedSavedModel.ts';
import { importZippedLayers } from './importers/tensorflowjs/tfjsZip.ts';
import { importLayersModel } from './importers/tensorflowjs/tfjsLayers.ts';

export type ImportedNetwork = ImportedLayers | ImportedGraph;

/**
 * Reads a model, whatever its format; its content counts, not its name.
 * @param location a Keras file (`.keras`, or a whole model in `.h5`); the folder or model.json of a TensorFlow.js model,
 * LayersModel or GraphModel, with the card beside it; a zip of a LayersModel as Teachable Machine gives it; an ONNX
 * file, or a folder with one in it; the folder of a SavedModel, or a zip of it.
 * Errors: input-missing, input-corrupt (naming the weight file and its bytes), input-refused (paths outside the
 * folder, absurd sizes, program code), input-unsupported (not a model), engine-unsupported (a class Thaw does not
 * compute).
 */
export async function importNetwork(location: string): Promise<Result<ImportedNetwork>> {
  const format = await formatOf(location);
  if (!format.ok) return format;
  switch (format.value.format) {
    case 'onnx':
      return importOnnx(format.value.file);
    case 'savedmodel':
      return importSavedModel(folderFiles(format.value.file), format.value.file);
    case 'savedmodel zip':
      return importZippedSavedModel(location);
    case 'keras':
      return importKeras(location, null);
    case 'tensorflow.js':
      return importTensorFlowJs(location);
    case 'tensorflow.js zip':
      return importZippedLayers(location);
  }
}

async function importTensorFlowJs(location: string): Promise<Result<ImportedNetwork>> {
  const place = await locateModel(location);
  if (!place.ok) return place;
  const { folder, file } = place.value;
  const model = await readModelJson(file);
  if (!model.ok) return model;
  const card = await readCard(folder);
  if (!card.ok) return card;
  return 'node' in model.value.modelTopology
    ? importGraphModel(folder, file, model.value, card.value)
    : importLayersModel(folderFiles(folder), file, model.value, card.value);
}

/** The layers of a model that must be trainable; a graph is refused with what to use instead. */
export function requireLayers(imported: ImportedNetwork): Result<ImportedLayers> {
  if (imported.kind === 'layers') return { ok: true, value: imported };
  const spoken = spokenFormat(imported.program.format);
  return err(
    thawError('engine-unsupported', `${imported.location} is ${spoken}: it can be used frozen only.`, {
      expected: 'a Keras file or a TensorFlow.js LayersModel, whose layers can be thawed one by one',
      found: `${spoken}, made for inference`,
      remedy: 'Train with the backbone frozen, or use a Keras file of the same network.',
    }),
  );
}
