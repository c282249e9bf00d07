import type { TrainSettings } from '../../../../../shared/domain/run.ts';
import { countParameters } from '../../../../../shared/domain/freezePlan.ts';
import { adviseOn } from '../../../../../shared/domain/plan/advice.ts';
import { adviceLine } from '../../../../../shared/domain/plan/adviceTexts.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { spokenFormat } from '../../../network/index.ts';
import type { TensorFlowRuntime } from '../../../runtime/tensorflow.ts';
import type { Phase } from '../../../training/phases.ts';
import type { PreparedNetwork } from '../../model/openBackbone.ts';

/** Layers the portable runtime trains: those of a head. */
const portableClasses = new Set(['Dense', 'Dropout', 'GlobalAveragePooling2D', 'Flatten', 'InputLayer']);

/** What the portable runtime and a graph cannot train. Errors: engine-unsupported, engine-missing. */
export function checkRuntime(
  settings: TrainSettings,
  runtime: TensorFlowRuntime,
  prepared: PreparedNetwork,
  phases: readonly Phase[],
): Result<void> {
  const { network, headLayers, graph } = prepared;
  const thawed = new Set(phases.flatMap(({ plan }) => plan.trainable));
  const backbone = network.layers.filter(
    ({ name, weights }) => thawed.has(name) && !headLayers.includes(name) && weights.length > 0,
  );
  const { freeze, fineTuneEpochs } = settings;
  const plans = [settings, ...settings.laterPhases];
  const isThawed = plans.some(({ thawFrom, thaw }) => thawFrom !== null || thaw.length > 0);
  const asked = freeze === 'none' || isThawed || fineTuneEpochs > 0;
  if (graph !== null && asked)
    return err(
      thawError(
        'engine-unsupported',
        `${prepared.name} is ${spokenFormat(graph.program.format)}: none of its layers can be thawed.`,
        {
          remedy:
            'Train with the backbone frozen and no fine-tune epochs, or use a Keras file of the same network.',
        },
      ),
    );
  const heavy = backbone.find(({ className }) => !portableClasses.has(className));
  if (runtime.kind === 'portable' && heavy !== undefined)
    return err(
      thawError('engine-missing', `Thawing ${heavy.name} (${heavy.className}) needs the native runtime.`, {
        expected: 'TensorFlow’s native library',
        found: 'portable mode, which trains the head only',
        remedy: runtime.reason?.remedy ?? 'Unset THAW_RUNTIME, then run `thaw doctor`.',
      }),
    );
  return ok(undefined);
}

/** What is unwise about the last phase's plan, which thaws the most. */
export function planNotices(
  { network, headLayers }: PreparedNetwork,
  phases: readonly Phase[],
  settings: TrainSettings,
  trainImages: number,
): string[] {
  const last = phases.at(-1);
  // Without pretrained weights there is nothing to lose.
  if (last === undefined || settings.randomWeights) return [];
  const backbone = network.layers
    .filter(({ name }) => !headLayers.includes(name))
    .map((layer) => ({
      ...layer,
      type: layer.className,
      trainable: countParameters(network, { trainable: [layer.name], batchNorm: 'inference' }).trainable,
    }));
  return adviseOn(backbone, new Set(last.plan.trainable), {
    trainImages,
    batchSize: settings.batchSize,
    batchNorm: settings.batchNorm,
    learningRate: last.learningRate,
    trainsHeadFirst: phases.length > 1 || settings.continueFrom !== null,
  }).map(adviceLine);
}
