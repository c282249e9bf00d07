/** Writes a model without its head for Keras to load; prints its input size and where its last quarter begins. */
import { cutOf } from '../../shared/domain/freezePlan.ts';
import { attachHead, writeLayersModel } from '../../main/engine/network/index.ts';
import { openModel } from './openModel.ts';

const [model = '', out = ''] = process.argv.slice(2);
const { network: headless, weights } = await openModel(model);
await writeLayersModel(headless, weights, out);
const choice = { classes: ['a', 'b'], units: [], dropout: 0, seed: 0, imageSize: null };
const head = attachHead(headless, weights, choice);
if (!head.ok) throw new Error(head.error.message);
const { network } = head.value;
const names = network.layers.map(({ name }) => name);
const trainable = names.slice(Math.floor(names.length * 0.75));
const cut = cutOf(network, { trainable, batchNorm: 'inference' });
console.log(JSON.stringify({ size: network.inputShape[0], cut: cut?.name }));
