import { reachedByGradient } from './flow.ts';

/** What may be unwise about a plan; why, is in `adviceTexts`. */
export type Advice =
  | { readonly kind: 'everything-on-few'; readonly images: number }
  | { readonly kind: 'many-parameters'; readonly parameters: number; readonly images: number }
  | { readonly kind: 'island'; readonly block: string; readonly frozen: string }
  | { readonly kind: 'half-thawed-norm'; readonly block: string; readonly layers: number }
  | { readonly kind: 'small-batch-norm'; readonly batchSize: number }
  | { readonly kind: 'high-rate'; readonly learningRate: number }
  | { readonly kind: 'untrained-head' };

export interface AdvisedLayer {
  readonly name: string;
  readonly block: string;
  /** Keras class name. */
  readonly type: string;
  readonly inputs: readonly string[];
  readonly parameters: number;
  readonly trainable: number;
}

/** What a plan is judged by, besides the layers. What is not known yet is null, and not judged. */
export interface AdviceContext {
  readonly trainImages: number | null;
  readonly batchSize: number;
  readonly batchNorm: 'inference' | 'update';
  /** Learning rate of the phase in which the thawed layers train. */
  readonly learningRate: number;
  /** Whether the head is trained before the thawed layers are. */
  readonly trainsHeadFirst: boolean;
}

/** Rules of thumb of our own. Fewer images than this do not carry a whole network. */
const fewImages = 500;
/** More trained weights for each image than this are more than the images can decide. */
const parametersPerImage = 2_000;
/** Fewer images than this give a batch's statistics too much noise. */
const smallBatch = 16;
/** Adam's usual fine-tuning rates lie well below. */
const highRate = 1e-3;

/**
 * What is unwise about thawing these layers, the gravest first; nothing for a head alone.
 * @param layers of the backbone without its own classifier, in topological order.
 */
export function adviseOn(
  layers: readonly AdvisedLayer[],
  thawed: ReadonlySet<string>,
  context: AdviceContext,
): Advice[] {
  const weighted = layers.filter(({ parameters }) => parameters > 0);
  const trained = weighted.filter(({ name }) => thawed.has(name));
  if (trained.length === 0) return [];
  return [
    ...onSize(weighted, trained, context),
    ...onIslands(layers, weighted, thawed),
    ...onNormalization(weighted, trained, thawed, context),
    ...onRates(context),
  ];
}

function onSize(
  weighted: readonly AdvisedLayer[],
  trained: readonly AdvisedLayer[],
  { trainImages: images }: AdviceContext,
): Advice[] {
  if (images === null) return [];
  if (trained.length === weighted.length && images < fewImages)
    return [{ kind: 'everything-on-few', images }];
  const parameters = trained.reduce((sum, { trainable }) => sum + trainable, 0);
  return parameters > parametersPerImage * images ? [{ kind: 'many-parameters', parameters, images }] : [];
}

/** Thawed blocks with frozen weights behind them. */
function onIslands(
  layers: readonly AdvisedLayer[],
  weighted: readonly AdvisedLayer[],
  thawed: ReadonlySet<string>,
): Advice[] {
  const reached = reachedByGradient(layers, thawed);
  const blocks = new Map<string, AdvisedLayer[]>();
  for (const layer of weighted) blocks.set(layer.block, [...(blocks.get(layer.block) ?? []), layer]);
  const states = [...blocks].map(([block, own]) => ({
    block,
    own,
    isThawed: own.some(({ name }) => thawed.has(name)),
  }));
  const island = states.findIndex(({ isThawed }) => isThawed);
  const behind = states
    .slice(island + 1)
    .find(({ isThawed, own }) => !isThawed && own.some(({ name }) => reached.has(name)));
  const before = states[island];
  return behind === undefined || before === undefined
    ? []
    : [{ kind: 'island', block: before.block, frozen: behind.block }];
}

/** Normalisations whose convolution is in another state than they are, and statistics of small batches. */
function onNormalization(
  weighted: readonly AdvisedLayer[],
  trained: readonly AdvisedLayer[],
  thawed: ReadonlySet<string>,
  { batchNorm, batchSize }: AdviceContext,
): Advice[] {
  const isNorm = ({ type }: AdvisedLayer): boolean => type === 'BatchNormalization';
  const byBlock = new Map<string, AdvisedLayer[]>();
  for (const layer of weighted) byBlock.set(layer.block, [...(byBlock.get(layer.block) ?? []), layer]);
  const half = [...byBlock].flatMap(([block, own]): Advice[] => {
    const others = own.filter((layer) => !isNorm(layer));
    const isSplit = others.some(({ name }) => thawed.has(name)) && own.some(({ name }) => !thawed.has(name));
    const norms = own.filter((layer) => isNorm(layer) && !thawed.has(layer.name));
    return isSplit && norms.length > 0 ? [{ kind: 'half-thawed-norm', block, layers: norms.length }] : [];
  });
  const moves = batchNorm === 'update' && trained.some(isNorm) && batchSize < smallBatch;
  return [...half.slice(0, 1), ...(moves ? [{ kind: 'small-batch-norm', batchSize } as const] : [])];
}

function onRates({ trainsHeadFirst, learningRate }: AdviceContext): Advice[] {
  const advice: Advice[] = [];
  if (learningRate > highRate) advice.push({ kind: 'high-rate', learningRate });
  if (!trainsHeadFirst) advice.push({ kind: 'untrained-head' });
  return advice;
}
