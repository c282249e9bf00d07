import path from 'node:path';
import { z } from 'zod';
import { thawError } from '../../../../../shared/errors.ts';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { tensorflowMessages } from '../../../runtime/tensorflowMessages.ts';
import { parseUntrustedJson } from '../files/json.ts';
import type { ModelFiles } from '../files/modelFiles.ts';

export const metadataName = 'keras_metadata.pb';
const mostBytes = 200_000_000;

/** A layer or model as Keras 2 tells of it beside a SavedModel. */
export interface KerasObject {
  /** Its number in the checkpoint's graph of objects. */
  readonly id: number;
  /** Where it is: `root.layer_with_weights-1.layer_with_weights-0`. */
  readonly path: string;
  readonly name: string;
}

export interface KerasMetadata {
  /** The outermost model: class and configuration, as in an .h5. */
  readonly config: JsonValue;
  readonly objects: readonly KerasObject[];
}

const described = z.object({
  name: z.string().nullish(),
  class_name: z.string(),
  config: z.json().optional(),
});

/**
 * What Keras 2.5 to 2.15 writes into a SavedModel beside TensorFlow's graph: every layer's configuration (keras
 * protobuf/saved_metadata.proto). Null where there is none, as in what `model.export` writes.
 * Errors: input-corrupt; engine-unsupported for a model that is a Python class, whose layers only its program knows.
 */
export async function readKerasMetadata(
  files: ModelFiles,
  location: string,
): Promise<Result<KerasMetadata | null>> {
  const size = await files.sizeOf(metadataName);
  if (size === null) return ok(null);
  const place = path.basename(location);
  const bytes = size > mostBytes ? null : await files.read(metadataName);
  const nodes = bytes === null ? null : decode(bytes);
  if (nodes === null)
    return err(
      thawError('input-corrupt', `${metadataName} in ${place} is damaged.`, {
        remedy: 'Copy the folder again.',
      }),
    );
  const objects: KerasObject[] = [];
  let config: JsonValue | null = null;
  for (const { node_id: id, node_path: at, identifier, metadata } of nodes) {
    if (!/^_tf_keras_(layer|input_layer|network|sequential|model|rnn_layer)$/.test(identifier)) continue;
    const parsed = parseUntrustedJson(metadata, `${metadataName} in ${place}`);
    if (!parsed.ok) return parsed;
    const one = described.safeParse(parsed.value);
    if (!one.success) continue;
    objects.push({ id, path: at, name: one.data.name ?? '' });
    const { class_name: className, config: own } = one.data;
    if (at !== 'root') continue;
    if (identifier === '_tf_keras_model' || own === undefined || own === null)
      return err(
        thawError(
          'engine-unsupported',
          `${place} is of the Python class ${className}, which only its program knows.`,
          {
            expected: 'a Sequential or functional model',
          },
        ),
      );
    config = { class_name: className, config: withoutTuples(own as JsonValue) };
  }
  return config === null ? ok(null) : ok({ config, objects });
}

interface Node {
  readonly node_id: number;
  readonly node_path: string;
  readonly identifier: string;
  readonly metadata: string;
}

function decode(bytes: Uint8Array): readonly Node[] | null {
  try {
    const message = tensorflowMessages.lookupType('SavedMetadata').decode(bytes);
    return (message as unknown as { nodes: readonly Node[] }).nodes;
  } catch {
    return null;
  }
}

/** A tuple is written as an object with its items; an .h5 has a list. */
function withoutTuples(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutTuples);
  const { class_name: className, items } = value;
  if ((className === '__tuple__' || className === 'TensorShape') && Array.isArray(items))
    return items.map(withoutTuples);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutTuples(one)]));
}
