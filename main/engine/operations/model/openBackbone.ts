import path from 'node:path';
import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import type {
  ImportedGraph,
  ImportedNetwork,
  NetworkWithHead,
  WeightArray,
  Weights,
} from '../../network/index.ts';
import {
  attachHead,
  choosePreprocess,
  dropHead,
  findArchitecture,
  graphAsNetwork,
  graphOfSize,
  hashWeights,
  ownDropout,
  randomWeights,
  resolveBackbone,
  spokenFormat,
} from '../../network/index.ts';
import { openGraphPrefix } from '../../training/features/graph/openGraphPrefix.ts';

/** A backbone with a new head on it, ready to train. */
export interface PreparedNetwork extends NetworkWithHead {
  readonly name: string;
  readonly weightsHash: string;
  readonly preprocess: Preprocess;
  /** The graph the features come from; null when every layer is known. */
  readonly graph: ImportedGraph | null;
  readonly notices: readonly string[];
  /** The backbone's own weights, whatever training begins with. */
  readonly pretrained: ReadonlyMap<string, WeightArray>;
  /** What differs from the backbone's own weights and a new head, for a run that continues another; else null. */
  readonly started: Weights | null;
}

export type HeadChoice = Pick<
  TrainSettings,
  'backbone' | 'weights' | 'randomWeights' | 'preprocess' | 'imageSize' | 'headUnits' | 'dropout' | 'seed'
>;

/** Reads a backbone's files. Errors: those of resolveBackbone. */
export function readBackbone(choice: HeadChoice): Promise<Result<ImportedNetwork>> {
  const { backbone, randomWeights: random, weights, imageSize } = choice;
  return resolveBackbone(backbone, { weights: random ? null : weights, withoutWeights: random, imageSize });
}

/** [height, width] of the images a backbone will be given. */
export function imageSizeOf(imported: ImportedNetwork, { imageSize }: HeadChoice): [number, number] {
  if (imageSize !== null) return [imageSize, imageSize];
  const [height, width] = imported.kind === 'layers' ? imported.network.inputShape : imported.inputShape;
  return [height, width];
}

/** Reads a backbone and puts our head on. Errors: those of readBackbone and attachHeadTo. */
export async function openBackbone(
  choice: HeadChoice,
  classes: readonly string[],
): Promise<Result<PreparedNetwork>> {
  const imported = await readBackbone(choice);
  return imported.ok ? attachHeadTo(imported.value, choice, classes) : imported;
}

/** Takes a backbone's head off and puts ours on. Errors: usage for what a graph cannot do. */
export async function attachHeadTo(
  imported: ImportedNetwork,
  choice: HeadChoice,
  classes: readonly string[],
): Promise<Result<PreparedNetwork>> {
  const notices: string[] = [];
  const { preprocess, notice } = choosePreprocess(choice.preprocess, imported, choice.backbone);
  if (notice !== null) notices.push(notice);
  const base = await headless(imported, choice, preprocess, notices);
  if (!base.ok) return base;
  const head = attachHead(base.value.network, base.value.weights, {
    classes,
    units: choice.headUnits,
    dropout: choice.dropout,
    seed: choice.seed,
    imageSize: base.value.graph === null ? choice.imageSize : null,
  });
  if (!head.ok) return head;
  const dropped = choice.dropout ?? ownDropout(base.value.network);
  if (choice.dropout === null && dropped > 0)
    notices.push(`The head drops ${dropped * 100} % of its values in training, as the backbone's own did.`);
  const { card, weightsHash } = imported;
  return ok({
    ...head.value,
    name:
      card?.name ?? findArchitecture(choice.backbone)?.name ?? path.basename(path.resolve(choice.backbone)),
    weightsHash: choice.randomWeights ? hashWeights(base.value.weights) : weightsHash,
    preprocess,
    graph: base.value.graph,
    notices,
    pretrained: base.value.weights,
    started: null,
  });
}

interface Headless {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly graph: ImportedGraph | null;
}

async function headless(
  imported: ImportedNetwork,
  choice: HeadChoice,
  preprocess: Preprocess,
  notices: string[],
): Promise<Result<Headless>> {
  if (imported.kind === 'layers') {
    const dropped = dropHead(imported.network);
    if (!dropped.ok) return dropped;
    const { network } = dropped.value;
    const weights = choice.randomWeights ? randomWeights(network, choice.seed) : imported.weights;
    return ok({ network, weights, graph: null });
  }
  if (choice.randomWeights)
    return err(
      thawError('usage', `${choice.backbone} is ${spokenFormat(imported.program.format)}, used as it is.`, {
        expected: 'no --random-weights',
        remedy: 'Use a model whose layers are known for that.',
      }),
    );
  const sized = graphOfSize(imported, choice.imageSize);
  if (!sized.ok) return sized;
  const { inputShape, name } = sized.value;
  notices.push(...sized.value.notices);
  const [height, width] = inputShape;
  if (height !== width)
    return err(
      thawError('engine-unsupported', `${choice.backbone} takes images that are not square.`, {
        expected: 'as many pixels in height as in width',
        found: `${height} × ${width}`,
      }),
    );
  if (sized.value.anySize)
    notices.push(
      `${name} takes images of any size; ${height} × ${width} is assumed. Name another with --image-size.`,
    );
  const opened = await openGraphPrefix(sized.value, preprocess);
  if (!opened.ok) return opened;
  const { valuesPerImage } = opened.value;
  await opened.value.dispose();
  const network = graphAsNetwork(name, inputShape, valuesPerImage);
  return network.ok ? ok({ network: network.value, weights: new Map(), graph: sized.value }) : network;
}
