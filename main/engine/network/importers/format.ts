import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { looksLikeHdf5 } from '../hdf5/openHdf5.ts';
import { openModelZip, readHead } from './files/modelZip.ts';

export type ModelFormat =
  'keras' | 'tensorflow.js' | 'tensorflow.js zip' | 'onnx' | 'savedmodel' | 'savedmodel zip';

/** What kind of model is where; `file` is the one to read. */
export interface FoundModel {
  readonly format: ModelFormat;
  readonly file: string;
}

/** What kind of model a file or folder is, by its first bytes or, for an archive, by what it holds. */
export async function formatOf(location: string): Promise<Result<FoundModel>> {
  const found = await stat(location).catch(() => null);
  if (found === null)
    return err(
      thawError('input-missing', `There is no model at ${location}.`, {
        remedy: 'Give the path of a Keras or ONNX file, or of a folder with model.json or saved_model.pb.',
      }),
    );
  if (found.isDirectory()) return formatOfFolder(location);
  const head = Uint8Array.from(await readHead(location, 64));
  const name = path.basename(location);
  const is = (format: ModelFormat): Result<FoundModel> => ok({ format, file: location });
  if (name === 'saved_model.pb') return ok({ format: 'savedmodel', file: path.dirname(location) });
  if (looksLikeHdf5(head)) return is('keras');
  if (startsWith(head, 'PK\u0003\u0004')) return formatOfZip(location, name);
  if (/^\s*\{/.test(new TextDecoder().decode(head))) return is('tensorflow.js');
  if (found.size > 0 && (/\.onnx$/i.test(name) || looksLikeOnnx(head))) return is('onnx');
  return unknown(name, found.size === 0 ? 'an empty file' : knownOther(head, name));
}

/** What a folder lacks is best told by the importer of TensorFlow.js models. */
async function formatOfFolder(folder: string): Promise<Result<FoundModel>> {
  const names: string[] = await readdir(folder).catch(() => []);
  const onnx = names.filter((name) => /\.onnx$/i.test(name));
  const [only] = onnx;
  if (names.includes('saved_model.pb')) return ok({ format: 'savedmodel', file: folder });
  if (only !== undefined && onnx.length === 1 && !names.includes('model.json'))
    return ok({ format: 'onnx', file: path.join(folder, only) });
  return ok({ format: 'tensorflow.js', file: folder });
}

async function formatOfZip(location: string, name: string): Promise<Result<FoundModel>> {
  const zip = await openModelZip(location);
  if (!zip.ok) return zip;
  const { names } = zip.value;
  zip.value.close();
  if (names.includes('config.json')) return ok({ format: 'keras', file: location });
  if (names.some((one) => /^([^/]+\/)?model\.json$/.test(one)))
    return ok({ format: 'tensorflow.js zip', file: location });
  if (names.some((one) => /^([^/]+\/)?saved_model\.pb$/.test(one)))
    return ok({ format: 'savedmodel zip', file: location });
  const pickled = names.some((one) => one.endsWith('data.pkl'));
  return unknown(
    name,
    pickled ? 'a PyTorch file, which holds program code' : `a zip of ${names.slice(0, 3).join(', ')}`,
  );
}

function knownOther(head: Uint8Array, name: string): string {
  if (startsWith(head.subarray(4), 'TFL3')) return 'a TensorFlow Lite model, whose layers are gone';
  if (head[0] === 0x80) return 'a Python pickle, which holds program code';
  return `${name.includes('.') ? `a ${path.extname(name)} file` : 'a file'} of unknown content`;
}

/** ModelProto begins with ir_version, a small number, and soon names its producer or graph (onnx.proto). */
function looksLikeOnnx(head: Uint8Array): boolean {
  return (
    head[0] === 0x08 &&
    (head[1] ?? 0) < 32 &&
    [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(head[2] ?? 0)
  );
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => bytes[index] === character.charCodeAt(0));
}

function unknown(name: string, found: string): Result<never> {
  return err(
    thawError('input-unsupported', `${name} is no model that Thaw reads.`, {
      expected:
        'a Keras .keras or .h5 file, an ONNX file, or a SavedModel or TensorFlow.js model, in a folder or zip',
      found,
      remedy: 'Save the model from Keras with model.save("model.keras").',
    }),
  );
}
