import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Tf } from './tf.ts';

type Handler = Exclude<Parameters<Tf['loadGraphModel']>[0], string>;
type Artifacts = Awaited<ReturnType<NonNullable<Handler['load']>>>;
type WeightSpecs = NonNullable<Artifacts['weightSpecs']>;

/** The parts of a model.json that TensorFlow.js's loaders look at. */
interface ModelFile extends Omit<Artifacts, 'weightSpecs' | 'weightData' | 'modelTopology'> {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: WeightSpecs }[];
}

/** Reads a `model.json` that Thaw wrote, and its weight files, for TensorFlow.js's own loaders. */
export function tfjsFiles(folder: string): Handler {
  return {
    async load() {
      const { weightsManifest, ...model } = JSON.parse(
        await readFile(path.join(folder, 'model.json'), 'utf8'),
      ) as ModelFile;
      const shards = weightsManifest.flatMap((group) => group.paths);
      const parts = await Promise.all(shards.map((name) => readFile(path.join(folder, name))));
      return {
        ...model,
        weightSpecs: weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(Buffer.concat(parts)).buffer,
      };
    },
  };
}

/** TensorFlow.js as one script for web pages that evaluate no text as code, with its licence in its first lines. */
export function tfjsScript(): string {
  const require = createRequire(import.meta.url);
  const fromPackage = createRequire(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  return fromPackage.resolve('@tensorflow/tfjs/dist/tf.es2017.min.js');
}
