import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainResult, TrainSettings } from '../../../../shared/domain/run.ts';
import type { Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { writeInitialWeights } from '../../project/checkpoint.ts';
import type { OpenRun } from '../../project/run/openRun.ts';
import type { RunFile, SplitEntry } from '../../project/run/runFolder.ts';
import { checkRunPlace, createRun } from '../../project/run/openRun.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { executeTraining } from './execute/executeTraining.ts';
import { reportingMemory } from './memory.ts';
import type { Preparation } from './prepare/prepareTraining.ts';
import { prepareTraining } from './prepare/prepareTraining.ts';
import { weightsOfRun } from './prepare/startFrom.ts';

const require = createRequire(import.meta.url);

/**
 * Trains a classifier into a new folder. The folder is made once the data and the backbone are known to be good.
 * Errors: those of the dataset and network rooms, output-exists, output-unwritable, disk-full, cancelled.
 */
export async function train(
  settings: TrainSettings,
  out: string,
  jobContext: JobContext,
): Promise<Result<TrainResult>> {
  const folder = path.resolve(out);
  const free = await checkRunPlace(folder);
  if (!free.ok) return free;
  const context = reportingMemory(jobContext);
  const initial = await weightsOfRun(settings.continueFrom);
  if (!initial.ok) return initial;
  const prepared = await prepareTraining(settings, context, initial.value);
  if (!prepared.ok) return prepared;
  try {
    const run = await createRun(folder, await runFileOf(prepared.value));
    if (!run.ok) return run;
    try {
      const { started } = prepared.value.network;
      if (started !== null) await writeInitialWeights(folder, started);
      await writeSplit(run.value, prepared.value);
      for (const notice of prepared.value.notices) await run.value.log(notice, 'warning');
      return await executeTraining(run.value, prepared.value, null, context);
    } finally {
      await run.value.close();
    }
  } finally {
    await prepared.value.close();
  }
}

/** Records which image is on which side. */
export async function writeSplit(run: OpenRun, { train: training, validation }: Preparation): Promise<void> {
  const entry = ({ id, path: place, label }: SplitEntry): SplitEntry => ({ id, path: place, label });
  await run.writeSplit({ train: training.images.map(entry), validation: validation.images.map(entry) });
}

async function runFileOf(preparation: Preparation): Promise<RunFile> {
  const { settings, network, dataset, validationDataset, runtime } = preparation;
  const thaw = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const onnxruntime = require('onnxruntime-node/package.json') as { version: string };
  return {
    format: 'thaw-run',
    version: 1,
    created: new Date().toISOString(),
    settings: { ...settings, thaw: [...settings.thaw], headUnits: [...settings.headUnits] },
    versions: {
      thaw: thaw.version,
      node: process.versions.node,
      trainer: runtime.description,
      onnxruntime: onnxruntime.version,
    },
    backbone: { name: network.name, weightsHash: network.weightsHash },
    dataset: { name: dataset.name, fingerprint: dataset.fingerprint, classes: [...dataset.classes] },
    validation:
      validationDataset === null
        ? null
        : { name: validationDataset.name, fingerprint: validationDataset.fingerprint },
  };
}
