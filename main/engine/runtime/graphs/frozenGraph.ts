import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { encodeSavedModel, shapeMessage } from '../compiled/messages.ts';
import type { NodeDef } from '../compiled/messages.ts';
import type { GraphRunner } from './graphModel.ts';
import type { Tf } from '../tf.ts';

/** A graph of operations and constants, without functions and variables. */
export interface FrozenDescription {
  readonly nodes: readonly NodeDef[];
  /** The placeholder that takes the image, and its type. */
  readonly input: { readonly name: string; readonly type: 'float32' | 'float16' | 'uint8' };
  readonly inputShape: readonly [number, number, number];
  /** "node" or "node:output". */
  readonly output: string;
}

const types = { float32: 1, uint8: 4, float16: 19 } as const;
/** TensorFlow reads graphs of at most 2 GB. */
const mostBytes = 2 ** 31 - 2 ** 20;
const image = 'thaw/image';
const features = 'thaw/features';

/**
 * Brings a graph into a TensorFlow session of its own, by way of a SavedModel that lives as long as the loading takes, and
 * runs it once on a black image. A value of [height, width, channels] is averaged over its places.
 * Errors: engine-unsupported when it is too large or does not run.
 * @param name what to call the model in errors.
 */
export async function openFrozenGraph(
  tf: Tf,
  { nodes, input, inputShape, output }: FrozenDescription,
  name: string,
): Promise<Result<GraphRunner>> {
  const [float, own] = [{ type: types.float32 }, { type: types[input.type] }];
  const sized = shapeMessage([-1, ...inputShape]);
  const all: NodeDef[] = [
    { name: image, op: 'Placeholder', input: [], attr: { dtype: float, shape: { shape: sized } } },
    { name: input.name, op: 'Cast', input: [image], attr: { SrcT: float, DstT: own } },
    ...nodes.filter((node) => node.name !== input.name),
    { name: features, op: 'Cast', input: [output], attr: { SrcT: typeOf(nodes, output), DstT: float } },
  ];
  const info = (tensor: string) => ({ name: `${tensor}:0`, dtype: types.float32, tensor_shape: sized });
  try {
    const encoded = encodeSavedModel(all, {
      serving_default: {
        inputs: { image: info(image) },
        outputs: { features: { ...info(features), tensor_shape: { unknown_rank: true } } },
      },
    });
    if (encoded.byteLength > mostBytes) throw new Error('It is larger than 2 GB');
    const session = await load(tf, encoded);
    const run = (images: Tensor): Tensor =>
      tf.tidy(() => {
        const { [`features`]: value } = session.predict({ image: images }) as Record<string, Tensor>;
        if (value === undefined) throw new Error(`Node "${output}" gave nothing`);
        const pooled = value.rank === 4 ? tf.mean(value, [1, 2]) : value;
        return tf.reshape(pooled, [images.shape[0] ?? 1, -1]);
      });
    const black = tf.zeros([1, ...inputShape]);
    try {
      const probe = run(black);
      const { size } = probe;
      probe.dispose();
      return ok({
        features: size,
        run,
        dispose() {
          session.dispose();
        },
      });
    } catch (cause) {
      session.dispose();
      throw cause;
    } finally {
      black.dispose();
    }
  } catch (cause) {
    return err(
      thawError('engine-unsupported', `TensorFlow does not run ${name}.`, {
        found: (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').slice(0, 500),
        remedy: 'Save the model again with a TensorFlow no newer than the one `thaw doctor` names.',
      }),
    );
  }
}

async function load(tf: Tf, encoded: Uint8Array) {
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-frozen-'));
  try {
    await writeFile(path.join(folder, 'saved_model.pb'), encoded);
    return await tf.node.loadSavedModel(folder, ['serve'], 'serving_default');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The type of a node's value: its setting `T`, or what it says otherwise. */
function typeOf(nodes: readonly NodeDef[], output: string): object {
  const node = nodes.find(({ name }) => name === output.replace(/:\d+$/, ''));
  const { DstT: cast, dtype, T: own, output_type: index } = node?.attr ?? {};
  return cast ?? dtype ?? own ?? index ?? { type: types.float32 };
}
