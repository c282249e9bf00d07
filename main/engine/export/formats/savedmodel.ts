import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import { err } from '../../../../shared/result.ts';
import type { StoredModel } from '../../project/modelFolder.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import { savedModelExamples } from '../examples/savedModelExamples.ts';
import type { Exporter, OpenedExport } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import { decodeFunction } from '../graphdef/decodeFunction.ts';
import { emitGraph } from '../graphdef/emitGraph.ts';
import { encodeSavedModel } from '../graphdef/messages.ts';
import { NodeList } from '../graphdef/nodes.ts';
import { lowerNetwork } from '../lowering/lowerNetwork.ts';

const fileName = 'saved_model.pb';

/**
 * A SavedModel whose weights are constants. `serving_default` takes `image`, float32 [batch, height, width, 3] of 0–255;
 * `serving_bytes` takes `image_bytes`, the contents of JPEG or PNG files. Both give `probabilities`.
 */
export const savedModelExporter: Exporter = {
  format: 'savedmodel',
  async write({ model }, _, folder) {
    const encoded = encode(model);
    if (!encoded.ok) return encoded;
    await writeFileAtomic(path.join(folder, fileName), Buffer.from(encoded.value));
    // Loaders look for it even where there is nothing in it.
    await mkdir(path.join(folder, 'variables'));
    const signatures = 'serving_default (image), serving_bytes (image_bytes: whole JPEG or PNG files)';
    return ok({
      ...nothingMore,
      facts: { signatures },
      notices: [
        'The signature serving_bytes decodes with TensorFlow: the resizing is the studio’s, but JPEG decoding may differ by a few levels, EXIF orientation is not applied, and transparency is dropped instead of laid on white. Where that matters, decode outside and use serving_default.',
      ],
    });
  },
  open,
  examples: savedModelExamples,
};

function encode({ network, weights, info }: StoredModel): Result<Uint8Array> {
  const lowered = lowerNetwork(network, weights, info.preprocess);
  if (!lowered.ok) return lowered;
  const list = new NodeList();
  const { imageSize: size } = info;
  const image = list.add('image', 'Placeholder', [], {
    dtype: { type: 'float32' },
    shape: { shape: [null, size, size, 3] },
  });
  const bytes = list.add('image_bytes', 'Placeholder', [], {
    dtype: { type: 'string' },
    shape: { shape: [null] },
  });
  const decode = decodeFunction('decode_image', size, info.resize);
  const decoded = list.add('decoded', 'MapDefun', [bytes], {
    Targuments: { types: ['string'] },
    Tcaptured: { types: [] },
    output_types: { types: ['float32'] },
    output_shapes: { shapes: [[size, size, 3]] },
    f: { function: decode.name },
    max_intra_op_parallelism: { integer: 1 },
  });
  const end = (name: string, value: string): string =>
    list.add(name, 'Identity', [value], { T: { type: 'float32' } });
  const fromPixels = end('probabilities', emitGraph(list, lowered.value, { fuse: false, image }));
  const fromBytes = end(
    'probabilities_of_bytes',
    emitGraph(list, lowered.value, { fuse: false, image: decoded }),
  );
  const probabilities = (tensor: string) => ({
    probabilities: { tensor, dtype: 'float32', shape: [null, info.classes.length] } as const,
  });
  return ok(
    encodeSavedModel({
      nodes: list.nodes,
      functions: [decode],
      signatures: {
        serving_default: {
          inputs: { image: { tensor: image, dtype: 'float32', shape: [null, size, size, 3] } },
          outputs: probabilities(fromPixels),
        },
        serving_bytes: {
          inputs: { image_bytes: { tensor: bytes, dtype: 'string', shape: [null] } },
          outputs: probabilities(fromBytes),
        },
      },
    }),
  );
}

/** TensorFlow's own loader, through the native runtime. Errors: engine-missing in portable mode. */
async function open(folder: string, imageSize: number): Promise<Result<OpenedExport>> {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) return runtime;
  const { tf, kind, description, reason } = runtime.value;
  if (kind !== 'native')
    return err(
      thawError('engine-missing', 'Checking a SavedModel needs TensorFlow’s native library.', {
        found: 'portable mode',
        remedy: reason?.remedy ?? 'Unset THAW_RUNTIME, then run `thaw doctor`.',
      }),
    );
  const model = await tf.node.loadSavedModel(folder, ['serve'], 'serving_default');
  return ok({
    runtime: description.replace(/ native$/, ''),
    async run(pixels, count) {
      const output = tf.tidy(() => {
        const image = tf.tensor(Float32Array.from(pixels), [count, imageSize, imageSize, 3]);
        const result = model.predict({ image });
        if (!('probabilities' in result)) throw new Error('The SavedModel gave no probabilities');
        return result.probabilities;
      });
      const values = (await output?.data()) as Float32Array;
      output?.dispose();
      return values;
    },
    dispose() {
      model.dispose();
      return Promise.resolve();
    },
  });
}
