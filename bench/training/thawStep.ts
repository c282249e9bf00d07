/**
 * Seconds of training steps on noise, all layers or the last quarter thawed, what the first of them takes from the
 * weights on (recording and loading the graph included), and this process's peak memory.
 */
import { cutOf, frontierOf } from '../../shared/domain/freezePlan.ts';
import { attachHead } from '../../main/engine/network/index.ts';
import { loadTensorFlow } from '../../main/engine/runtime/tensorflow.ts';
import { Trainer } from '../../main/engine/training/trainer.ts';
import { openModel } from './openModel.ts';

const [
  model = '',
  share = '1',
  batchNorm = 'inference',
  steps = '12',
  execution = 'compiled',
  images = '32',
] = process.argv.slice(2);
const batch = Number(images);
const runtime = await loadTensorFlow({ provision: false });
if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('The native runtime is not set up');
const { tf } = runtime.value;
const backbone = await openModel(model);
const classes = ['a', 'b', 'c', 'd', 'e'];
const choice = { classes, units: [], dropout: 0, seed: 0, imageSize: null };
const head = attachHead(backbone.network, backbone.weights, choice);
if (!head.ok) throw new Error(head.error.message);
const { network, weights } = head.value;
const names = network.layers.map(({ name }) => name);
const trainable = names.slice(Math.floor(names.length * (1 - Number(share))));
const plan = { trainable, batchNorm: batchNorm as 'inference' | 'update' };
const cut = cutOf(network, plan);
if (cut === undefined) throw new Error('Nothing trains');
const frontier = frontierOf(network, cut.name);
const started = performance.now();
const cpuStarted = process.cpuUsage();
const trainer = await Trainer.open(tf, {
  network,
  weights,
  plan,
  frontier: frontier.map(({ name }) => name),
  classWeights: null,
  batchSize: batch,
  execution: execution as 'compiled' | 'eager',
});
const openSeconds = (performance.now() - started) / 1000;
const openCpuSeconds = cpuSince(cpuStarted);
const feeds = new Map(
  frontier.map(({ name, outputShape }) => [name, tf.randomUniform([batch, ...outputShape], -1, 1)]),
);
const targets = Float32Array.from({ length: batch * classes.length }, (_, at) =>
  Math.floor(at / classes.length) % classes.length === at % classes.length ? 1 : 0,
);
const seconds: number[] = [];
const cpuSeconds: number[] = [];
for (let step = 0; step <= Number(steps); step += 1) {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  await trainer.step({ feeds, targets }, { learningRate: 1e-5, seed: step });
  const spent = (performance.now() - before) / 1000;
  seconds.push(spent);
  cpuSeconds.push(cpuSince(cpuBefore));
}
const [firstSeconds = 0, ...laterSeconds] = seconds;
const [firstCpuSeconds = 0, ...laterCpuSeconds] = cpuSeconds;
console.log(
  JSON.stringify({
    seconds: laterSeconds,
    cpuSeconds: laterCpuSeconds,
    openSeconds,
    openCpuSeconds,
    firstSeconds,
    firstCpuSeconds,
    execution: trainer.execution,
    reason: trainer.eagerReason,
    cut: cut.name,
    trainable: trainable.length,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
process.exit(0);

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
