/** Writes what chance decides in the run of the rows on accuracy, for Keras to repeat. */
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import { writeRepeatable } from '../../main/engine/testing/repeatableRun.ts';

const [dataset = '', backbone = '', cut = '', seed = '0', out = ''] = process.argv.slice(2);
await writeRepeatable(
  {
    ...defaultTrainSettings,
    dataset,
    backbone,
    preprocess: 'tf',
    seed: Number(seed),
    epochs: 10,
    thawFrom: cut,
    fineTuneEpochs: 2,
    fineTuneLearningRate: 1e-4,
  },
  out,
);
console.log(JSON.stringify({ written: out }));
process.exit(0);
