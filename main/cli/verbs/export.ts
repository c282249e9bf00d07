import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExportFormat, ExportResult, WeightType } from '../../../shared/domain/export.ts';
import { defaultExportOptions, exportFormats, factsOf, weightTypes } from '../../../shared/domain/export.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { percent } from '../progress.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

interface ExportOptions extends CommonOptions {
  readonly format: ExportFormat | 'all';
  readonly out: string;
  readonly weights?: WeightType;
  readonly batch: 'dynamic' | 'one';
  readonly force?: boolean;
}

/** `thaw export RUN --format F --out DIR`; `--format all` makes a folder for each format. */
export function exportVerb(io: Io, end: (code: number) => void): Command {
  return verb('export', 'write a trained model for use elsewhere, checked against this one')
    .argument('<run>', 'run, or model folder')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices([...exportFormats, 'all'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'new folder for the export')
    .addOption(
      new Option('--weights <type>', 'how weights are stored (default: float32)').choices(weightTypes),
    )
    .addOption(
      new Option('--batch <images>', 'images a call takes (one: TensorFlow Lite only)')
        .choices(['dynamic', 'one'])
        .default(defaultExportOptions.batch),
    )
    .option('--force', 'replace an earlier export in that folder')
    .action(async (run: string, options: ExportOptions) => {
      if (options.format !== 'all') {
        const result = await exportOne(io, options, run, options.format, options.out);
        end(finish(io, options, result, describe));
        return;
      }
      end(finish(io, options, await exportAll(io, options, run), describeAll));
    });
}

function exportOne(
  io: Io,
  options: ExportOptions,
  run: string,
  format: ExportFormat,
  out: string,
): Promise<Result<ExportResult>> {
  const { batch, force = false } = options;
  const weights = options.weights ?? defaultExportOptions.weights;
  return runJob<ExportResult>(io, options, {
    job: 'export',
    run,
    format,
    options: { weights, batch },
    out,
    force,
  });
}

/** Every format that has the weights asked for; stops at the first that fails. */
async function exportAll(io: Io, options: ExportOptions, run: string): Promise<Result<ExportResult[]>> {
  const results: ExportResult[] = [];
  for (const format of exportFormats) {
    const facts = factsOf(format);
    if (options.weights !== undefined && !facts.weights.includes(options.weights)) continue;
    const own = facts.fixedBatch ? options : { ...options, batch: 'dynamic' as const };
    const result = await exportOne(io, own, run, format, path.join(options.out, format));
    if (!result.ok) return result;
    results.push(result.value);
  }
  return ok(results);
}

function describe(result: ExportResult): string {
  const { verified, notices, accuracy } = result;
  const lines = [
    `${factsOf(result.format).title} in ${result.directory}, ${(result.modelBytes / 1e6).toFixed(2)} MB:`,
    ...result.files.map((file) => `  ${file}`),
    verified.runtime === null
      ? 'Not verified here: no runtime of this format is inside Thaw. `python verify.py` in the folder does it.'
      : `Checked in ${verified.runtime} on ${verified.images} images: largest difference ${difference(verified)}, same label on ${percent(verified.labelAgreement ?? 0)}.`,
  ];
  if (accuracy !== null)
    lines.push(
      `Accuracy on ${accuracy.images} validation images, simulated: ${percent(accuracy.after)}, before quantising ${percent(accuracy.before)}.`,
    );
  return [...lines, ...notices].join('\n');
}

function describeAll(results: readonly ExportResult[]): string {
  return table(
    ['format', 'MB', 'checked in', 'images', 'largest difference', 'folder'],
    results.map(({ format, modelBytes, verified, directory }) => [
      format,
      (modelBytes / 1e6).toFixed(2),
      verified.runtime ?? 'not here (verify.py)',
      verified.images,
      difference(verified),
      directory,
    ]),
  );
}

function difference({ maxAbsDifference }: ExportResult['verified']): string {
  return maxAbsDifference === null ? '' : maxAbsDifference.toExponential(1);
}
