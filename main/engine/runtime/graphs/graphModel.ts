import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { Tf } from '../tf.ts';

/** What the network room knows of a GraphModel before it runs. */
export interface GraphDescription {
  /** The model.json. */
  readonly location: string;
  readonly input: string;
  /** [height, width, channels]. */
  readonly inputShape: readonly [number, number, number];
}

/** A GraphModel ready to compute features. */
export interface GraphRunner {
  /** Values per image. */
  readonly features: number;
  /** [batch, height, width, 3], scaled as the model wants it, to [batch, features]. */
  run(images: Tensor): Tensor;
  dispose(): void;
}

/**
 * Loads a GraphModel and finds the length of its feature vector by running it once on a black image.
 * @param outputNode the node whose value is asked for.
 * Its weight files have been checked by the import that made the description.
 */
export async function openGraphModel(
  tf: Tf,
  graph: GraphDescription,
  outputNode: string,
): Promise<Result<GraphRunner>> {
  try {
    const model = await tf.loadGraphModel(fileHandler(graph.location));
    const run = (images: Tensor): Tensor =>
      tf.tidy(() => {
        const output = model.execute({ [graph.input]: images }, outputNode);
        const [features] = Array.isArray(output) ? output : [output];
        if (features === undefined) throw new Error(`Node "${outputNode}" gave nothing`);
        return tf.reshape(features as Tensor, [images.shape[0] ?? 1, -1]);
      });
    const black = tf.zeros([1, ...graph.inputShape]);
    const probe = run(black);
    const features = probe.size;
    black.dispose();
    probe.dispose();
    return ok({
      features,
      run,
      dispose() {
        model.dispose();
      },
    });
  } catch (cause) {
    return err(
      thawError('engine-unsupported', `The GraphModel ${graph.location} does not run.`, {
        found: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Use a model whose operations TensorFlow.js supports.',
      }),
    );
  }
}

type GraphSource = Exclude<Parameters<Tf['loadGraphModel']>[0], string>;
type ModelArtifacts = Awaited<ReturnType<NonNullable<GraphSource['load']>>>;
type WeightSpecs = NonNullable<ModelArtifacts['weightSpecs']>;
interface GraphFile {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: WeightSpecs }[];
}

/** Reads model.json and its shards from disk, the same with every backend. */
function fileHandler(file: string): GraphSource {
  return {
    async load() {
      const model = JSON.parse(await readFile(file, 'utf8')) as GraphFile;
      const folder = path.dirname(file);
      const shards = model.weightsManifest.flatMap((group) => group.paths);
      const parts = await Promise.all(shards.map((name) => readFile(path.join(folder, name))));
      return {
        modelTopology: model.modelTopology,
        weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(Buffer.concat(parts)).buffer,
      };
    },
  };
}
