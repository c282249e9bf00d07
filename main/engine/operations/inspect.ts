import type { Network } from '../../../shared/domain/network.ts';
import { countParameters, thawFrom } from '../../../shared/domain/freezePlan.ts';
import type { ModelReport } from '../../../shared/ipc/results.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { DatasetReport, DatasetSource, SplitOptions } from '../dataset/index.ts';
import { openDataset, reportDataset, scanDataset, splitDataset } from '../dataset/index.ts';
import type { JobContext } from '../jobs/context.ts';
import { resolveBackbone } from '../network/index.ts';
import { findModel } from '../project/modelFolder.ts';
import { readProject } from '../project/projectFile.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';

/** Scans a dataset and reports what a training would make of it, also where it cannot be trained on. */
export async function inspectDataset(location: string, context: JobContext): Promise<Result<DatasetReport>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  try {
    const dataset = await scanDataset(source.value, context, { minimumClasses: 1 });
    if (!dataset.ok) return dataset;
    const split = splitDataset(dataset.value, await splitOf(source.value));
    return ok(reportDataset(dataset.value, split.ok ? split.value : null));
  } finally {
    await source.value.close();
  }
}

/** How a training would split a source: as its project says, else by default. */
async function splitOf({ kind, location }: DatasetSource): Promise<SplitOptions> {
  const project = kind === 'project' ? await readProject(location) : null;
  if (project?.ok !== true) return defaultTrainSettings;
  const { validation, test, seed } = project.value.split;
  return { validationSplit: validation, testSplit: test, seed };
}

/** Describes a model: a bundled backbone by name, a model folder, or a run's model. */
export async function inspectModel(location: string): Promise<Result<ModelReport>> {
  const imported = await resolveBackbone((await findModel(location)) ?? location);
  if (!imported.ok) return imported;
  const { preprocess, weightsHash } = imported.value;
  if (imported.value.kind === 'graph') {
    const { name, inputShape, parameters } = imported.value;
    const nothing = { layers: [], blocks: [], boundaries: [], outputShape: null };
    return ok({ name, kind: 'graph', inputShape, preprocess, parameters, weightsHash, ...nothing });
  }
  const { network } = imported.value;
  return ok({
    name: network.name,
    kind: 'layers',
    inputShape: network.inputShape,
    outputShape: network.layers.at(-1)?.outputShape ?? null,
    preprocess,
    parameters: network.layers.reduce((sum, layer) => sum + layer.parameters, 0),
    weightsHash,
    layers: network.layers.map(({ name, className, block, inputs, outputShape, parameters }) => ({
      trainable: countParameters(network, { trainable: [name], batchNorm: 'inference' }).trainable,
      name,
      type: className,
      block,
      inputs: [...inputs],
      outputShape: [...outputShape],
      parameters,
    })),
    blocks: network.blocks.map(({ name, layers, outputShape, parameters }) => ({
      name,
      layers: layers.length,
      outputShape: [...outputShape],
      parameters,
    })),
    boundaries: boundariesOf(network),
  });
}

function boundariesOf(network: Network): ModelReport['boundaries'] {
  return network.blocks.flatMap(({ name, layers }) => {
    const [first] = layers;
    if (first === undefined) return [];
    const trainable = thawFrom(network, first);
    return [
      { block: name, thawFrom: first, ...countParameters(network, { trainable, batchNorm: 'inference' }) },
    ];
  });
}
