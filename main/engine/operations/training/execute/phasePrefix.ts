import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { Decoder, DecodeTarget } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import { warningsOf } from '../../../jobs/context.ts';
import { earlierCuts } from '../../../training/features/earlierCut.ts';
import type { ExtractRequest } from '../../../training/features/extractFeatures.ts';
import { openGraphPrefix } from '../../../training/features/graph/openGraphPrefix.ts';
import type { PixelPrefix } from '../../../training/features/pixelPrefix.ts';
import { openPixelPrefix } from '../../../training/features/pixelPrefix.ts';
import type { Prefix } from '../../../training/features/prefix.ts';
import { openPrefix, openSegment } from '../../../training/features/prefix.ts';
import type { Phase } from '../../../training/phases.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';

/** The frozen layers of a phase, or the pixels themselves where none is frozen. */
export type PhasePrefix = Prefix | PixelPrefix;

/** How the features at a phase's frontier are computed and kept. */
export function extractionOf(
  { network, settings }: Preparation,
  prefix: PhasePrefix,
  decoder: Decoder,
  context: JobContext,
): Omit<ExtractRequest, 'parts'> {
  const [height, width] = network.network.inputShape;
  const target: DecodeTarget = { width, height, resize: settings.resize };
  const { weightsHash, preprocess, name: backbone } = network;
  const encoding = isPixelPrefix(network.network.layers[0]?.name, prefix)
    ? 'pixels'
    : settings.featurePrecision;
  return {
    decoder,
    prefix,
    target,
    key: { backbone, weightsHash, preprocess, encoding },
    ...(network.graph === null && {
      shortcut: {
        earlier: (wanted, stored) => earlierCuts(network.network, wanted, stored),
        open: (from, frontier) =>
          openSegment(network.network, network.weights, from, frontier, { onNotice: warningsOf(context) }),
      },
    }),
  };
}

/** Loads the frozen layers of a phase. Errors: those of openPrefix. */
export async function openPhasePrefix(
  { network }: Preparation,
  phase: Phase,
  context: JobContext,
): Promise<Result<PhasePrefix>> {
  const { graph, preprocess } = network;
  if (graph !== null) return openGraphPrefix(graph, preprocess);
  const [only, ...more] = phase.frontier;
  if (only !== undefined && more.length === 0 && only === network.network.layers[0]?.name)
    return ok(openPixelPrefix(network.network, only));
  return openPrefix(network.network, network.weights, {
    frontier: phase.frontier,
    preprocess,
    onNotice: warningsOf(context),
  });
}

function isPixelPrefix(input: string | undefined, { outputs }: PhasePrefix): boolean {
  return outputs.length === 1 && outputs[0]?.layer === input;
}
