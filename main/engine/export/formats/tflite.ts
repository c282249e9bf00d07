import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { ExportResult } from '../../../../shared/domain/export.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import { argMax } from '../../insight/evaluate.ts';
import type { JobContext } from '../../jobs/context.ts';
import { quantizeChannels } from '../../network/index.ts';
import { tfliteExamples } from '../examples/tfliteExamples.ts';
import type { Exporter, Sample, Subject } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import type { GraphNode, LoweredGraph } from '../lowering/graph.ts';
import { isFusable } from '../lowering/graph.ts';
import { lowerNetwork } from '../lowering/lowerNetwork.ts';
import { measureRanges, simulate } from '../tflite/calibrate.ts';
import type { TfliteOptions } from '../tflite/emit.ts';
import { asFloats, tfliteFile } from '../tflite/file.ts';
import { affineOf, planQuantization } from '../tflite/ranges.ts';

/** TensorFlow Lite: `image` and `probabilities` float32, labels in the file. */
export const tfliteExporter: Exporter = {
  format: 'tflite',
  async write(subject, { weights, batch }, folder, context) {
    const { model } = subject;
    const lowered = lowerNetwork(model.network, model.weights, model.info.preprocess);
    if (!lowered.ok) return lowered;
    const prepared =
      weights === 'full-int8'
        ? await wholeNumbers(lowered.value, subject, context)
        : ok({
            options: {
              storage: weights === 'int8' ? 'hybrid' : weights === 'float16' ? 'float16' : 'float32',
              ...asFloats,
            } as const,
            more: nothingMore,
          });
    if (!prepared.ok) return prepared;
    const { options, more } = prepared.value;
    const bytes = tfliteFile(lowered.value, model.info, options, batch === 'dynamic');
    await writeFileAtomic(path.join(folder, 'model.tflite'), bytes);
    return ok(more);
  },
  open: null,
  examples: tfliteExamples,
};

/** int8 throughout: ranges from training images, and what it costs, simulated on validation images. */
async function wholeNumbers(
  graph: LoweredGraph,
  subject: Subject,
  context: JobContext,
): Promise<Result<{ options: TfliteOptions; more: typeof nothingMore }>> {
  const images = await subject.calibration();
  if (!images.ok) return images;
  const ranges = await measureRanges(graph, images.value, context);
  if (!ranges.ok) return ranges;
  const plan = planQuantization(graph, ranges.value);
  const accuracy = await accuracyOf(graph, plan, subject, context);
  if (!accuracy.ok) return accuracy;
  const asWhole = (id: number) => affineOf(ranges.value.get(id) ?? { low: 0, high: 0 });
  const facts = { 'Ranges measured on': `${images.value.length} training images` };
  return ok({
    options: { storage: 'whole', plan, asWhole },
    more: { ...nothingMore, facts, accuracy: accuracy.value },
  });
}

async function accuracyOf(
  graph: LoweredGraph,
  plan: ReturnType<typeof planQuantization>,
  { samples, model }: Subject,
  context: JobContext,
): Promise<Result<ExportResult['accuracy']>> {
  const labelled = samples.filter(({ label }) => label !== null);
  if (labelled.length === 0) return ok(null);
  const before = await simulate(graph, [], labelled, context);
  if (!before.ok) return before;
  const after = await simulate(withRoundedKernels(graph, plan), plan, labelled, context);
  if (!after.ok) return after;
  const { classes } = model.info;
  const right = (rows: readonly Float32Array[]): number =>
    rows.filter((row, index) => classes[argMax(row)] === (labelled[index] as Sample).label).length /
    rows.length;
  return ok({ images: labelled.length, before: right(before.value), after: right(after.value) });
}

/** Kernels with the values that their int8 form gives back. */
function withRoundedKernels(graph: LoweredGraph, plan: ReturnType<typeof planQuantization>): LoweredGraph {
  const rounded = ({ operation, ...node }: GraphNode, id: number): GraphNode => {
    if (!isFusable(operation) || (plan[id] ?? null) === null) return { operation, ...node };
    const { shape, data } = operation.kernel;
    // One scale for each output channel, as the file has it; one for all in a fully connected layer.
    const outputs =
      operation.op === 'dense'
        ? 1
        : operation.op === 'depthwise'
          ? (shape[2] ?? 1) * (shape[3] ?? 1)
          : (shape[3] ?? 1);
    const flat = outputs === 1 ? [1, data.length] : [data.length / outputs, outputs];
    const { whole, scales } = quantizeChannels(data, flat, outputs === 1 ? 0 : 1);
    const values = Float32Array.from(whole, (value, index) => value * (scales[index % outputs] ?? 1));
    return { ...node, operation: { ...operation, kernel: { shape, data: values } } };
  };
  return { ...graph, nodes: graph.nodes.map(rounded) };
}
