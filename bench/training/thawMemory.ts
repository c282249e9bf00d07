/** Tensors and resident memory over a hundred epochs of steps and evaluations, every epoch read back as a checkpoint. */
import { frontierOf, thawFrom } from '../../shared/domain/freezePlan.ts';
import { attachHead, resolveBackbone } from '../../main/engine/network/index.ts';
import { loadTensorFlow } from '../../main/engine/runtime/tensorflow.ts';
import { Trainer } from '../../main/engine/training/trainer.ts';

const runtime = await loadTensorFlow({ provision: false });
if (!runtime.ok) throw new Error(runtime.error.message);
const { tf } = runtime.value;
const backbone = await resolveBackbone('thaw-mobilenet-v2-035-128');
if (!backbone.ok || backbone.value.kind !== 'layers') throw new Error('No bundled backbone');
const { network, weights } = backbone.value;
const choice = { classes: ['a', 'b', 'c'], units: [], dropout: 0.2, seed: 0, imageSize: null };
const head = attachHead(network, weights, choice);
if (!head.ok) throw new Error(head.error.message);
const trainable = thawFrom(head.value.network, 'block_16_expand');
const frontier = frontierOf(head.value.network, 'block_16_expand');
const trainer = await Trainer.open(tf, {
  network: head.value.network,
  weights: head.value.weights,
  plan: { trainable, batchNorm: 'update' },
  frontier: frontier.map(({ name }) => name),
  classWeights: null,
});
const after: Record<number, { tensors: number; bytes: number }> = {};
for (let epoch = 1; epoch <= 100; epoch += 1) {
  for (const size of [32, 32, 32, 7]) {
    const feeds = new Map(frontier.map((one) => [one.name, tf.randomUniform([size, ...one.outputShape])]));
    const targets = Float32Array.from({ length: size * 3 }, (_, at) => (at % 3 === 0 ? 1 : 0));
    await trainer.step({ feeds, targets }, { learningRate: 1e-4, seed: epoch });
    await trainer.logits(feeds);
    tf.dispose([...feeds.values()]);
  }
  await trainer.readTrained();
  await trainer.optimizerState();
  if (epoch % 10 === 0) after[epoch] = { tensors: tf.memory().numTensors, bytes: process.memoryUsage().rss };
}
console.log(JSON.stringify({ execution: trainer.execution, after }));
process.exit(0);
