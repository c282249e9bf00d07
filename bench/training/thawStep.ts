/** Seconds of training steps on noise, all layers or the last quarter thawed, and this process's peak memory. */
import { cutOf, frontierOf } from '../../shared/domain/freezePlan.ts';
import { attachHead, dropHead, importNetwork } from '../../main/engine/network/index.ts';
import { loadTensorFlow } from '../../main/engine/runtime/tensorflow.ts';
import { Trainer } from '../../main/engine/training/trainer.ts';

const [model = '', share = '1', batchNorm = 'inference', steps = '12', execution = 'compiled'] =
  process.argv.slice(2);
const batch = 32;
const runtime = await loadTensorFlow({ provision: false });
if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('The native runtime is not set up');
const { tf } = runtime.value;
const imported = await importNetwork(model);
if (!imported.ok || imported.value.kind !== 'layers') throw new Error(`${model} is not a LayersModel`);
const headless = dropHead(imported.value.network);
if (!headless.ok) throw new Error(headless.error.message);
const classes = ['a', 'b', 'c', 'd', 'e'];
const choice = { classes, units: [], dropout: 0, seed: 0, imageSize: null };
const head = attachHead(headless.value.network, imported.value.weights, choice);
if (!head.ok) throw new Error(head.error.message);
const { network, weights } = head.value;
const names = network.layers.map(({ name }) => name);
const trainable = names.slice(Math.floor(names.length * (1 - Number(share))));
const plan = { trainable, batchNorm: batchNorm as 'inference' | 'update' };
const cut = cutOf(network, plan);
if (cut === undefined) throw new Error('Nothing trains');
const frontier = frontierOf(network, cut.name);
const started = performance.now();
const trainer = await Trainer.open(tf, {
  network,
  weights,
  plan,
  frontier: frontier.map(({ name }) => name),
  classWeights: null,
  execution: execution as 'compiled' | 'eager',
});
const opened = performance.now();
const feeds = new Map(
  frontier.map(({ name, outputShape }) => [name, tf.randomUniform([batch, ...outputShape], -1, 1)]),
);
const targets = Float32Array.from({ length: batch * classes.length }, (_, at) =>
  Math.floor(at / classes.length) % classes.length === at % classes.length ? 1 : 0,
);
const seconds: number[] = [];
const cpuSeconds: number[] = [];
let first = 0;
for (let step = 0; step <= Number(steps); step += 1) {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  await trainer.step({ feeds, targets }, { learningRate: 1e-5, seed: step });
  const spent = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (step === 0) first = spent;
  else {
    seconds.push(spent);
    cpuSeconds.push((user + system) / 1e6);
  }
}
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds,
    openSeconds: (opened - started) / 1000,
    firstSeconds: first,
    execution: trainer.execution,
    reason: trainer.eagerReason,
    cut: cut.name,
    trainable: trainable.length,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
process.exit(0);
