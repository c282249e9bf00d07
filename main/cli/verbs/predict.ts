import type { Command } from 'commander';
import type { Prediction } from '../../../shared/domain/metrics.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { percent } from '../progress.ts';
import type { ReadingOptions } from '../reading.ts';
import { preprocessOption, readingOf, resizeOption } from '../reading.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

/** `thaw predict RUN IMAGE…`. */
export function predictVerb(io: Io, end: (code: number) => void): Command {
  return verb('predict', 'classify image files')
    .argument('<run>', 'run, model folder, or model file')
    .argument('<images...>', 'image files')
    .addOption(preprocessOption())
    .addOption(resizeOption())
    .action(async (run: string, images: string[], options: CommonOptions & ReadingOptions) => {
      const reading = readingOf(options);
      const result = await runJob<Prediction[]>(io, options, { job: 'predict', run, images, reading });
      end(finish(io, options, result, describe));
    });
}

function describe(predictions: readonly Prediction[]): string {
  return table(
    ['image', 'label', 'confidence', 'then'],
    predictions.map(({ image, label, confidence, probabilities }) => {
      const [, second] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
      return [
        image,
        label,
        percent(confidence),
        second === undefined ? '' : `${second[0]} ${percent(second[1])}`,
      ];
    }),
  );
}
