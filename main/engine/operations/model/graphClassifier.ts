import path from 'node:path';
import type { Preprocess } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { ImportedGraph } from '../../network/index.ts';
import type { FrozenOptions } from '../../training/features/frozen/openFrozenLayers.ts';
import { openGraphPrefix } from '../../training/features/graph/openGraphPrefix.ts';
import type { Prefix } from '../../training/features/prefix.ts';

/** A graph that ends in as many values as there are classes. */
export interface GraphClassifier {
  readonly outputs: number;
  /** Whether it ends in logits, whose softmax is taken. */
  readonly logits: boolean;
  open(options: FrozenOptions): Promise<Result<Pick<Prefix, 'run' | 'dispose'>>>;
}

/** How far from one the sum of float16 probabilities may be. */
const tolerance = 5e-3;

/**
 * A graph as a classifier: its first output, which are probabilities if they are for a grey image, and else logits.
 * Errors: those of openGraphPrefix; engine-unsupported when it gives one value only.
 */
export async function graphClassifier(
  graph: ImportedGraph,
  preprocess: Preprocess,
): Promise<Result<GraphClassifier>> {
  const output = graph.outputs[0] ?? graph.featureOutput;
  const opened = await openGraphPrefix(graph, preprocess, { output });
  if (!opened.ok) return opened;
  const [height, width, channels] = graph.inputShape;
  const grey = new Uint8Array(height * width * channels).fill(127);
  const values = await opened.value.run(grey, 1);
  await opened.value.dispose();
  const outputs = values.length;
  if (outputs < 2)
    return err(
      thawError('engine-unsupported', `${path.basename(graph.location)} is no classifier.`, {
        expected: 'a model that gives two values or more, one for each class',
        found: `${outputs} value at "${output}"`,
        remedy: 'Use it as a backbone: thaw train DATASET --backbone FILE --out RUN.',
      }),
    );
  const sum = values.reduce((total, value) => total + value, 0);
  const logits = Math.abs(sum - 1) > tolerance || values.some((value) => value < 0);
  return ok({
    outputs,
    logits,
    async open() {
      const prefix = await openGraphPrefix(graph, preprocess, { output });
      if (!prefix.ok) return prefix;
      const { run, dispose } = prefix.value;
      return ok({
        async run(pixels, count) {
          const given = await run.call(prefix.value, pixels, count);
          return logits ? softmax(given, outputs) : given;
        },
        dispose: dispose.bind(prefix.value),
      });
    },
  });
}

/** Row by row, from the largest value, so that nothing overflows. */
function softmax(rows: Float32Array, length: number): Float32Array {
  const result = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += length) {
    const row = rows.subarray(start, start + length);
    const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    const powers = row.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((total, value) => total + value, 0);
    result.set(
      powers.map((value) => value / sum),
      start,
    );
  }
  return result;
}
