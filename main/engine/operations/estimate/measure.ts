import type { FreezePlan } from '../../../../shared/domain/freezePlan.ts';
import { frontierOf } from '../../../../shared/domain/freezePlan.ts';
import { findLayer } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { warningsOf } from '../../jobs/context.ts';
import { sizeOf } from '../../network/index.ts';
import type { TensorFlowRuntime } from '../../runtime/tensorflow.ts';
import { oneHot, toFeeds } from '../../training/batches/batchSource.ts';
import { openPrefix } from '../../training/features/prefix.ts';
import { Trainer } from '../../training/trainer.ts';
import type { PreparedNetwork } from '../model/openBackbone.ts';

/** The quickest of so many counts: what disturbs a measurement only ever slows it. */
const steps = 8;
const rounds = 3;

/**
 * Seconds for an image through the frozen layers up to a cut, in batches side by side as features are computed, decoding
 * left out. Errors: those of openPrefix.
 * @param most images in a batch.
 */
export async function measurePrefix(
  network: PreparedNetwork,
  cut: string,
  most: number,
  context: JobContext,
): Promise<Result<number>> {
  const frontier = frontierOf(network.network, cut).map(({ name }) => name);
  const opened = await openPrefix(network.network, network.weights, {
    frontier,
    preprocess: network.preprocess,
    onNotice: warningsOf(context),
  });
  if (!opened.ok) return opened;
  const prefix = opened.value;
  // A GPU is fast with whole batches only, and computes one in no time.
  const batchSize = prefix.device === 'gpu' ? (prefix.batchSize ?? most) : most;
  try {
    const pixels = (): Uint8Array => new Uint8Array(batchSize * sizeOf(network.network.inputShape)).fill(127);
    const round = (): Promise<unknown> =>
      Promise.all(Array.from({ length: prefix.lanes }, () => prefix.run(pixels(), batchSize)));
    await round();
    let quickest = Infinity;
    for (let index = 0; index < rounds; index += 1) {
      const started = performance.now();
      await round();
      quickest = Math.min(quickest, performance.now() - started);
    }
    return ok(quickest / 1000 / batchSize / prefix.lanes);
  } finally {
    await prefix.dispose();
  }
}

/** Seconds for an image of a training step with everything from the cut on computed, after two steps to warm up. */
export async function measureStep(
  runtime: TensorFlowRuntime,
  network: PreparedNetwork,
  plan: FreezePlan,
  cut: string,
  batchSize: number,
): Promise<number> {
  const { tf } = runtime;
  const layers = frontierOf(network.network, cut).map(({ name }) => ({
    layer: name,
    shape: findLayer(network.network, name)?.outputShape ?? [],
  }));
  const classes = sizeOf(network.network.layers.at(-1)?.outputShape ?? []);
  const trainer = await Trainer.open(tf, {
    network: network.network,
    weights: network.weights,
    plan,
    frontier: layers.map(({ layer }) => layer),
    classWeights: null,
  });
  try {
    const values = new Float32Array(
      batchSize * layers.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    ).fill(0.1);
    const positions = Array.from({ length: batchSize }, (_, index) => index);
    const labels = Int32Array.from(positions, (index) => index % classes);
    const step = async (): Promise<void> => {
      const feeds = toFeeds(tf, layers, values, batchSize);
      await trainer.step(
        { feeds, targets: oneHot(labels, positions, classes) },
        { learningRate: 0, seed: 0 },
      );
      tf.dispose([...feeds.values()]);
    };
    await step();
    await step();
    let quickest = Infinity;
    for (let index = 0; index < steps; index += 1) {
      const started = performance.now();
      await step();
      quickest = Math.min(quickest, performance.now() - started);
    }
    return quickest / 1000 / batchSize;
  } finally {
    trainer.dispose();
  }
}
