import { thawError } from '../../../../shared/errors.ts';
import type { Network } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { loadWeightsOnto } from '../importers/keras/loadWeightsOnto.ts';
import type { ImportedLayers } from '../importers/imported.ts';
import type { Weights } from '../weights/weights.ts';
import { hashWeights, weightsOf } from '../weights/weights.ts';
import type { Architecture, BuildOptions } from './architecture.ts';

export interface OpenOptions {
  /** A Keras weights file: `.h5`, `.weights.h5` or `.keras`. */
  readonly weights: string | null;
  /** Side of the square image in pixels; null for the architecture's own. */
  readonly imageSize: number | null;
}

/**
 * An architecture as a backbone, without its classifier, with the weights of a Keras file; with none at all where no
 * file is named.
 * Errors: those of `loadWeightsOnto`; usage for an image size it cannot have.
 */
export async function openArchitecture(
  architecture: Architecture,
  { weights, imageSize }: OpenOptions,
): Promise<Result<ImportedLayers>> {
  const options: BuildOptions = {
    ...(imageSize !== null && { imageSize }),
    pooling: architecture.poolsInside ? 'average' : 'none',
  };
  const plain = architecture.build(options);
  if (!plain.ok) return plain;
  if (weights === null) return ok(imported(architecture, plain.value, new Map(), architecture.name));
  const loaded = await loadHeadless(architecture, plain.value, options, weights);
  if (!loaded.ok) return loaded;
  const refined = architecture.build({ ...options, ...architecture.refine(loaded.value) });
  if (!refined.ok) return refined;
  return ok(imported(architecture, refined.value, loaded.value, weights));
}

/** Files with a classifier match by its layers' order only when the network has one too. */
async function loadHeadless(
  architecture: Architecture,
  headless: Network,
  options: BuildOptions,
  file: string,
): Promise<Result<Weights>> {
  const loaded = await loadWeightsOnto(headless, file, architecture.nested);
  if (loaded.ok || loaded.error.code !== 'input-unsupported') return loaded;
  const whole = architecture.build({ ...options, includeTop: true });
  if (!whole.ok) return loaded;
  const withTop = await loadWeightsOnto(whole.value, file, architecture.nested);
  if (!withTop.ok) return withClearRemedy(loaded, architecture);
  return ok(weightsOf(headless, inPlaceOf(headless, withTop.value)));
}

/** ConvNeXt's last normalisation has another name behind a classifier; its place is the same. */
function inPlaceOf(headless: Network, weights: Weights): Weights {
  const missing = headless.layers.filter((layer) =>
    layer.weights.some(({ name }) => !weights.has(`${layer.name}/${name}`)),
  );
  if (missing.length === 0) return weights;
  const found = new Map(weights);
  for (const layer of missing)
    for (const { name } of layer.weights) {
      const [, weight] = [...weights].find(([key]) => key.endsWith(`_head_layernorm/${name}`)) ?? [];
      if (weight !== undefined) found.set(`${layer.name}/${name}`, weight);
    }
  return found;
}

function withClearRemedy(refused: Result<Weights>, { name }: Architecture): Result<Weights> {
  if (refused.ok) return refused;
  const remedy = `Check that the file was saved from ${name}, the same width multiplier and size included.`;
  return err({ ...refused.error, remedy });
}

function imported(
  architecture: Architecture,
  network: Network,
  weights: Weights,
  location: string,
): ImportedLayers {
  return {
    kind: 'layers',
    location,
    network,
    weights,
    card: null,
    classes: null,
    preprocess: architecture.preprocess,
    weightsHash: hashWeights(weights),
    notices: [],
  };
}

/** That an architecture was named where weights are needed. */
export function noWeights({ name, title }: Architecture): Result<never> {
  return err(
    thawError('input-missing', `${name} (${title}) is known here, its weights are not.`, {
      expected: 'a file with its weights, as Keras saves them: .h5, .weights.h5 or .keras',
      remedy: `Fetch them: thaw backbones get ${name}. Or name a file with --weights FILE, or begin with random weights by --random-weights.`,
    }),
  );
}
