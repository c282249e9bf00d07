import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { FeatureRow } from '../../engine/jobs/operations.ts';
import { writeError } from '../../engine/project/fileErrors.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Job } from '../../../shared/ipc/contract.ts';
import type { CommonOptions } from '../command.ts';
import { fail, finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { writeNpy } from '../npy.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

type FeaturesJob = Extract<Job, { job: 'features' }>;
type FeaturesOptions = CommonOptions &
  Partial<Pick<FeaturesJob, 'layer' | 'preprocess' | 'weights'>> &
  Pick<FeaturesJob, 'resize'> & { readonly out?: string };

/** `thaw features MODEL|RUN IMAGE…`. */
export function featuresVerb(io: Io, end: (code: number) => void): Command {
  return verb('features', 'activations of a layer for image files, as JSON or a NumPy file')
    .argument('<model>', 'run, model, or name of a backbone')
    .argument('<images...>', 'image files')
    .option('--layer <name>', 'layer to read; the backbone’s pooled output when not told')
    .option('--out <file.npy>', 'write [images, …shape] float32 to a NumPy file')
    .option('--weights <file>', 'Keras weights for it: .h5, .weights.h5 or .keras')
    .addOption(
      new Option('--resize <policy>', 'how an image becomes square (a run has its own)')
        .choices(['squash', 'crop', 'pad'])
        .default('squash'),
    )
    .addOption(
      new Option('--preprocess <mode>', 'pixel scaling, where the model does not tell').choices([
        'tf',
        'torch',
        'caffe',
        'unit',
        'none',
      ]),
    )
    .action(async (model: string, images: string[], options: FeaturesOptions) => {
      const { out, layer = null, preprocess = null, weights = null, resize } = options;
      if (out !== undefined && path.extname(out) !== '.npy') {
        const found = { expected: 'a name ending in .npy', found: out };
        end(fail(io, options, thawError('usage', '--out of `thaw features` writes NumPy files.', found)));
        return;
      }
      const job = { job: 'features' as const, model, images, layer, preprocess, weights, resize };
      const result = await runJob<FeatureRow[]>(io, options, job);
      if (!result.ok || out === undefined) {
        end(finish(io, options, result, describe));
        return;
      }
      try {
        const rows = result.value;
        const values = Float32Array.from(rows.flatMap((row) => row.features));
        await writeNpy(out, [rows.length, ...(rows[0]?.shape ?? [])], values);
        const written = { file: out, layer: rows[0]?.layer, shape: [rows.length, ...(rows[0]?.shape ?? [])] };
        const text = `${out}: float32 [${written.shape.join(', ')}] of layer ${written.layer ?? ''}`;
        end(finish(io, options, { ok: true, value: written }, () => text));
      } catch (cause) {
        end(fail(io, options, writeError(cause, out)));
      }
    });
}

function describe(rows: readonly FeatureRow[]): string {
  const start = (values: readonly number[]): string =>
    `${values
      .slice(0, 4)
      .map((value) => value.toFixed(4))
      .join(', ')}${values.length > 4 ? ', …' : ''}`;
  return table(
    ['image', 'layer', 'shape', 'values'],
    rows.map((row) => [row.image, row.layer, `[${row.shape.join(', ')}]`, start(row.features)]),
  );
}
