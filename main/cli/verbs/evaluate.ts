import type { Command } from 'commander';
import type { Evaluation } from '../../../shared/domain/metrics.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { percent } from '../progress.ts';
import type { ReadingOptions } from '../reading.ts';
import { preprocessOption, readingOf, resizeOption } from '../reading.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

/** `thaw evaluate RUN DATASET`. */
export function evaluateVerb(io: Io, end: (code: number) => void): Command {
  return verb('evaluate', 'measure a trained model: accuracy, per class, confusion, calibration')
    .argument('<run>', 'run, model folder, or model file')
    .argument('[dataset]', 'folder, .zip or .csv; the run’s own validation images when not told')
    .addOption(preprocessOption())
    .addOption(resizeOption())
    .action(async (run: string, dataset: string | undefined, options: CommonOptions & ReadingOptions) => {
      const result = await runJob<Evaluation>(io, options, {
        job: 'evaluate',
        run,
        dataset: dataset ?? null,
        reading: readingOf(options),
      });
      end(finish(io, options, result, describe));
    });
}

/** Mistakes printed for a person; JSON has more. */
const shownMistakes = 10;

function describe({ images, accuracy, loss, classes, confusion, calibration, mistakes }: Evaluation): string {
  const share = (value: number): string => value.toFixed(3);
  const names = classes.map((one) => one.class);
  return [
    `Accuracy ${percent(accuracy)} on ${images} images, loss ${loss.toFixed(4)}, expected calibration error ${percent(calibration.expectedCalibrationError)}.`,
    '',
    table(
      ['class', 'precision', 'recall', 'F1', 'images'],
      classes.map((one) => [one.class, share(one.precision), share(one.recall), share(one.f1), one.support]),
    ),
    '',
    'Confusion (rows: true class, columns: predicted):',
    table(
      ['', ...names],
      confusion.map((row, index) => [names[index] ?? '', ...row]),
    ),
    ...(mistakes.length === 0 ? [] : ['', 'Most confident mistakes:']),
    ...mistakes
      .slice(0, shownMistakes)
      .map((one) => `  ${one.image}: ${one.predicted} (${percent(one.confidence)})`),
  ].join('\n');
}
