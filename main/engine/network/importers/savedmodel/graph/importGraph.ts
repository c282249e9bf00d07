import { createHash } from 'node:crypto';
import path from 'node:path';
import { thawError } from '../../../../../../shared/errors.ts';
import type { Preprocess } from '../../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import type { ModelFiles } from '../../files/modelFiles.ts';
import type { ImportedGraph } from '../../frozen/importedGraph.ts';
import { usualSize } from '../../inputSize.ts';
import { openTensorBundle } from '../bundle/tensorBundle.ts';
import { featureValueOf } from './featureValue.ts';
import { FlatGraph } from './flatten.ts';
import type { FrozenNode } from './freeze.ts';
import { freezeGraph } from './freeze.ts';
import type { MetaGraphMessage } from './messages.ts';
import { decodeSavedModel } from './messages.ts';
import { imageSignatureOf } from './signature.ts';

export const graphName = 'saved_model.pb';
const variablesPrefix = 'variables/variables';
/** A graph holds no weights, but some hold constants. */
const mostGraphBytes = 2 ** 31 - 2 ** 20;

/**
 * Reads a SavedModel's graph and checks it without running it: its functions are looked through and its variables are
 * taken from its checkpoint, so that what is run in the end is a plain graph of operations that only compute.
 * Errors: input-missing, input-corrupt, input-refused (operations that read or write files or run code),
 * engine-unsupported (no signature for one RGB image, operations that are not known).
 */
export async function importSavedModelGraph(
  files: ModelFiles,
  location: string,
): Promise<Result<ImportedGraph>> {
  const place = path.basename(location);
  const bytes = await readGraph(files, place);
  if (!bytes.ok) return bytes;
  const meta = servedGraph(bytes.value, place);
  if (!meta.ok) return meta;
  const signature = imageSignatureOf(meta.value, place);
  if (!signature.ok) return signature;
  const hasVariables = (await files.sizeOf(`${variablesPrefix}.index`)) !== null;
  const bundle = hasVariables ? await openTensorBundle(files, variablesPrefix) : ok(null);
  if (!bundle.ok) return bundle;
  const { input, type, outputs, height, width } = signature.value;
  const graph = new FlatGraph(meta.value);
  const references = outputs.map(({ reference }) => reference);
  const frozen = await freezeGraph(graph, meta.value, references, bundle.value, place);
  if (!frozen.ok) return frozen;
  const { nodes, parameters } = frozen.value.frozen;
  const [output = ''] = frozen.value.outputs;
  if (!nodes.some(({ name }) => name === input))
    return err(
      thawError('engine-unsupported', `What ${place} gives does not depend on its image.`, {
        found: `signature ${signature.value.name}`,
      }),
    );
  return ok({
    kind: 'graph',
    program: { format: 'SavedModel', nodes, input: { name: input, type } },
    location,
    name: place.replace(/\.zip$/i, ''),
    card: null,
    inputShape: [height ?? width ?? usualSize, width ?? height ?? usualSize, 3],
    anySize: height === null || width === null,
    outputs: frozen.value.outputs,
    featureOutput: featureValueOf(nodes, output),
    operations: nodes.length,
    parameters,
    preprocess: type === 'uint8' ? 'none' : scalingOf(nodes, input),
    usualPreprocess: 'tf',
    weightsHash: hashOf(nodes),
    files: { from: files, names: [graphName, ...(bundle.value?.files ?? [])] },
    notices: [],
  });
}

async function readGraph(files: ModelFiles, place: string): Promise<Result<Uint8Array>> {
  const size = await files.sizeOf(graphName);
  if (size === null) return err(thawError('input-missing', `${place} holds no ${graphName}.`));
  if (size > mostGraphBytes)
    return err(
      thawError('input-refused', `${graphName} in ${place} is too large for a graph.`, {
        expected: 'at most 2 GB',
        found: `${(size / 1e9).toFixed(1)} GB`,
      }),
    );
  const bytes = await files.read(graphName);
  return bytes === null
    ? err(thawError('input-missing', `${graphName} in ${place} cannot be read.`))
    : ok(bytes);
}

/** The graph for use, of those a SavedModel may hold. */
function servedGraph(bytes: Uint8Array, place: string): Result<MetaGraphMessage> {
  const corrupt = (detail?: string): Result<never> =>
    err(
      thawError('input-corrupt', `${graphName} in ${place} is damaged or cut short.`, {
        remedy: 'Copy or save the model again.',
        ...(detail === undefined ? {} : { detail }),
      }),
    );
  try {
    const graphs = decodeSavedModel(bytes);
    const served =
      graphs.find(({ meta_info_def: info }) => info?.tags.includes('serve') === true) ?? graphs[0];
    return served === undefined || served.graph_def === null ? corrupt() : ok(served);
  } catch (cause) {
    return corrupt(String(cause));
  }
}

/** What the first arithmetic on the pixels tells: scaling of 0–255, or from 0–1 to −1–1 as TensorFlow Hub's modules do. */
function scalingOf(nodes: readonly FrozenNode[], input: string): Preprocess | null {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const readers = (name: string): FrozenNode[] => nodes.filter((node) => node.input.includes(name));
  const constant = (reference: string): number | null => {
    let node = byName.get(reference);
    for (let steps = 0; steps < 8 && node !== undefined && /^(Identity|Cast)$/.test(node.op); steps += 1)
      node = byName.get(node.input[0] ?? '');
    const tensor = node?.op === 'Const' ? node.attr['value']?.tensor : undefined;
    const [first] = tensor?.float_val ?? [];
    if (first !== undefined) return first;
    const content = tensor?.tensor_content;
    if (content?.byteLength !== 4) return null;
    return new DataView(content.buffer, content.byteOffset, 4).getFloat32(0, true);
  };
  const first = (from: string): { node: FrozenNode; number: number } | null => {
    let value = from;
    for (let steps = 0; steps < 8; steps += 1) {
      const [reader, ...others] = readers(value);
      if (reader === undefined || others.length > 0) return null;
      const number = reader.input.map(constant).find((one) => one !== null);
      if (/^(Mul|RealDiv|Sub|Add|AddV2)$/.test(reader.op) && number !== undefined)
        return { node: reader, number };
      if (!/^(Identity|Cast)$/.test(reader.op)) return null;
      value = reader.name;
    }
    return null;
  };
  const scaled = first(input);
  if (scaled === null) return null;
  const near = (wanted: number): boolean => Math.abs(scaled.number / wanted - 1) < 1e-3;
  const { op, name } = scaled.node;
  if (op === 'RealDiv' && (near(255) || near(127.5))) return 'none';
  if (op === 'Mul' && (near(1 / 255) || near(1 / 127.5))) return 'none';
  const shift = first(name);
  return op === 'Mul' && near(2) && shift?.node.op === 'Sub' && Math.abs(shift.number - 1) < 1e-3
    ? 'unit'
    : null;
}

function hashOf(nodes: readonly FrozenNode[]): string {
  const hash = createHash('sha256');
  for (const { name, op, input, attr } of [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\n${op}\n${input.join('\n')}\n`);
    const tensor = attr['value']?.tensor;
    if (tensor) {
      hash.update(JSON.stringify([...(tensor.float_val ?? []), ...(tensor.int_val ?? [])]));
      hash.update(Uint8Array.from(tensor.tensor_content));
    }
  }
  return hash.digest('hex');
}
