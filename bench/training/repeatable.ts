/** Writes what chance decides in a run, for Keras to repeat. Usage: repeatable SETTINGS_AS_JSON FOLDER */
import type { TrainSettings } from '../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import { writeRepeatable } from '../../main/engine/testing/repeatableRun.ts';

const [settings = '', out = ''] = process.argv.slice(2);
const chosen = JSON.parse(settings) as Partial<TrainSettings> & Pick<TrainSettings, 'dataset'>;
await writeRepeatable({ ...defaultTrainSettings, ...chosen }, out);
console.log(JSON.stringify({ written: out }));
process.exit(0);
