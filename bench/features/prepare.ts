/** Writes a model without its head, in float32, for Keras to load. */
import { dropHead, importNetwork, writeLayersModel } from '../../main/engine/network/index.ts';

const [model = '', out = ''] = process.argv.slice(2);
const imported = await importNetwork(model);
if (!imported.ok || imported.value.kind !== 'layers') throw new Error(`${model} is not a LayersModel`);
const headless = dropHead(imported.value.network);
if (!headless.ok) throw new Error(headless.error.message);
await writeLayersModel(headless.value.network, imported.value.weights, out);
