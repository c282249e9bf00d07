import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Sample } from '../exporter.ts';
import { emitGraph } from '../graphdef/emitGraph.ts';
import { encodeSavedModel } from '../graphdef/messages.ts';
import { NodeList } from '../graphdef/nodes.ts';
import type { LoweredGraph, NodeId } from '../lowering/graph.ts';
import type { Affine, Range } from './ranges.ts';

type After = (list: NodeList) => (id: NodeId, value: string) => string;

const T = { T: { type: 'float32' } } as const;

/**
 * Runs a graph on images in TensorFlow, with something added after each of its values.
 * Errors: engine-missing without the native runtime; cancelled.
 */
async function run(
  graph: LoweredGraph,
  samples: readonly Sample[],
  after: After,
  result: (list: NodeList, output: string) => string,
  what: string,
  context: JobContext,
): Promise<Result<Float32Array[]>> {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) return runtime;
  const { tf, kind, reason } = runtime.value;
  if (kind !== 'native')
    return err(
      thawError('engine-missing', 'Measuring ranges for whole-number arithmetic needs the native runtime.', {
        found: 'portable mode',
        remedy: reason?.remedy ?? 'Unset THAW_RUNTIME, then run `thaw doctor`.',
      }),
    );
  const inputShape = graph.nodes[graph.image]?.shape ?? [];
  const list = new NodeList();
  const shape = [null, ...inputShape];
  const image = list.add('image', 'Placeholder', [], { dtype: { type: 'float32' }, shape: { shape } });
  const output = emitGraph(list, graph, { fuse: false, image, after: after(list) });
  const value = result(list, output);
  const signature = {
    inputs: { image: { tensor: image, dtype: 'float32', shape } },
    outputs: { value: { tensor: value, dtype: 'float32', shape: [null] } },
  } as const;
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-calibration-'));
  try {
    await mkdir(path.join(folder, 'variables'));
    const bytes = encodeSavedModel({
      nodes: list.nodes,
      functions: [],
      signatures: { serving_default: signature },
    });
    await writeFile(path.join(folder, 'saved_model.pb'), bytes);
    const model = await tf.node.loadSavedModel(folder, ['serve'], 'serving_default');
    const rows: Float32Array[] = [];
    try {
      for (const { pixels } of samples) {
        await context.gate();
        if (context.signal.aborted) return err(thawError('cancelled', 'The export was cancelled.'));
        const values = tf.tidy(() => {
          const input = tf.tensor(Float32Array.from(pixels), [1, ...inputShape]);
          const outputs = model.predict({ image: input }) as Record<string, Tensor>;
          return outputs['value']?.dataSync() as Float32Array;
        });
        rows.push(values.slice());
        context.emit({ type: 'progress', what, done: rows.length, total: samples.length });
      }
    } finally {
      model.dispose();
    }
    return ok(rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The smallest and largest value that each node takes on the images. */
export async function measureRanges(
  graph: LoweredGraph,
  samples: readonly Sample[],
  context: JobContext,
): Promise<Result<Map<NodeId, Range>>> {
  const ids: NodeId[] = [];
  const extremes: string[] = [];
  const after: After = (list) => (id, value) => {
    ids.push(id);
    const flat = list.add('flat', 'Reshape', [value, list.integers([-1])], {
      ...T,
      Tshape: { type: 'int32' },
    });
    for (const op of ['Min', 'Max'])
      extremes.push(
        list.add('extreme', op, [flat, list.integers([0])], {
          ...T,
          Tidx: { type: 'int32' },
          keep_dims: { flag: false },
        }),
      );
    return value;
  };
  const pack = (list: NodeList): string =>
    list.add('extremes', 'Pack', extremes, { ...T, N: { integer: extremes.length }, axis: { integer: 0 } });
  const rows = await run(graph, samples, after, pack, 'measuring ranges', context);
  if (!rows.ok) return rows;
  return ok(
    new Map(
      ids.map((id, index) => [
        id,
        {
          low: Math.min(...rows.value.map((row) => row[index * 2] ?? 0)),
          high: Math.max(...rows.value.map((row) => row[index * 2 + 1] ?? 0)),
        },
      ]),
    ),
  );
}

/** The graph's outputs with every value rounded as the plan holds it: what whole-number arithmetic gives, simulated. */
export function simulate(
  graph: LoweredGraph,
  plan: readonly (Affine | null)[],
  samples: readonly Sample[],
  context: JobContext,
): Promise<Result<Float32Array[]>> {
  const after: After = (list) => (id, value) => {
    const affine = plan[id] ?? null;
    if (affine === null) return value;
    const { scale, zeroPoint } = affine;
    return list.add('rounded', 'FakeQuantWithMinMaxArgs', [value], {
      min: { number: (-128 - zeroPoint) * scale },
      max: { number: (127 - zeroPoint) * scale },
      num_bits: { integer: 8 },
      narrow_range: { flag: false },
    });
  };
  const end = (list: NodeList, output: string): string => list.add('result', 'Identity', [output], T);
  return run(graph, samples, after, end, 'simulating', context);
}
