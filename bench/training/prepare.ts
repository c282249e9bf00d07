/** Writes a model without its head for Keras to load; prints its input size and where its last quarter begins. */
import { cutOf } from '../../shared/domain/freezePlan.ts';
import { attachHead, dropHead, importNetwork, writeLayersModel } from '../../main/engine/network/index.ts';

const [model = '', out = ''] = process.argv.slice(2);
const imported = await importNetwork(model);
if (!imported.ok || imported.value.kind !== 'layers') throw new Error(`${model} is not a LayersModel`);
const headless = dropHead(imported.value.network);
if (!headless.ok) throw new Error(headless.error.message);
await writeLayersModel(headless.value.network, imported.value.weights, out);
const choice = { classes: ['a', 'b'], units: [], dropout: 0, seed: 0, imageSize: null };
const head = attachHead(headless.value.network, imported.value.weights, choice);
if (!head.ok) throw new Error(head.error.message);
const { network } = head.value;
const names = network.layers.map(({ name }) => name);
const trainable = names.slice(Math.floor(names.length * 0.75));
const cut = cutOf(network, { trainable, batchNorm: 'inference' });
console.log(JSON.stringify({ size: network.inputShape[0], cut: cut?.name }));
