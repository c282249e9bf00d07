import { recipe } from './recipe.ts';

const epochsText = (count: number): string => (count === 1 ? '1 epoch' : `${count} epochs`);

/** Texts of the training station. */
export const training = {
  needsData: 'Open a dataset first; then the head knows its classes.',
  openData: 'Go to Data',
  train: 'Train',
  trainNew: 'Train a new head',
  trainOn: 'Train on with this plan',
  trainOnHint: (layers: number) =>
    layers === 0
      ? 'Every block is frozen: training on goes on with the head. Thaw blocks to fine-tune them from here.'
      : `${layers} layers are thawed: they and the head learn on from the best epoch.`,
  changePlan: 'Choose what thaws',
  pause: 'Pause',
  unpause: 'Go on',
  stop: 'Stop and keep best',
  stopping: 'Stopping…',
  stoppingFirst: 'Stopping after the first epoch…',
  cancel: 'Break off',
  cancelHint: 'Ends at once. The run can be resumed later from its last epoch.',
  resume: 'Resume this run',
  views: { run: 'This run', runs: (count: number) => `Runs (${count})` },
  panels: { settings: 'Settings', log: 'Log' },
  accuracy: 'Accuracy',
  loss: 'Loss',
  learningRate: 'Learning rate',
  speed: 'Images per second',
  trainLine: 'train',
  validationLine: 'validation',
  withinLine: 'within epochs',
  best: (epoch: number, accuracy: string) => `Best: epoch ${epoch}, ${accuracy}`,
  ended: (accuracy: string) => `Best validation accuracy: ${accuracy}`,
  betterThan: (accuracy: string) => `The run it continues had ${accuracy}.`,
  idleTitle: 'Ready to train',
  idle: 'The head learns first, on features the frozen blocks computed once. Press Train; the curves appear here.',
  state: {
    idle: 'Ready',
    preparing: 'Preparing',
    running: 'Training',
    paused: 'Paused',
    done: 'Done',
    stopped: 'Stopped',
    failed: 'Failed',
  },
  figures: {
    epoch: 'Epoch',
    of: (epoch: number, planned: number) => `${epoch} of ${planned}`,
    step: (epoch: number, batch: number, batches: number) => `Epoch ${epoch}, step ${batch} of ${batches}`,
    speed: 'Images / s',
    remaining: 'Phase ends in',
    best: 'Best',
    bestAt: (epoch: number, accuracy: string) => `epoch ${epoch}, ${accuracy}`,
    rate: 'Learning rate',
    memory: 'Engine’s memory',
    atMost: (duration: string) => `${duration} at most`,
  },
  phases: {
    title: 'Phases',
    head: 'Head',
    'fine-tune': 'Thawed layers',
    earlier: 'Before',
    earlierEpochs: (epochs: number) => epochsText(epochs),
    detail: (epochs: number, rate: string) => `${epochsText(epochs)} at ${rate}`,
    layers: (count: number) => (count === 1 ? '1 layer thawed' : `${count} layers thawed`),
  },
  later: {
    title: 'As in the run that was duplicated',
    step: (after: number, epochs: number, rate: string, layers: string) =>
      `After epoch ${after} another plan: ${epochsText(epochs)} at ${rate}, ${layers}.`,
    headOnly: 'the head alone',
    drop: 'Leave that out',
  },
  plan: {
    title: 'Go on with another plan',
    differs: (thawed: number, trained: number) =>
      `On the graph ${thawed === 0 ? 'nothing is' : thawed === 1 ? '1 layer is' : `${thawed} layers are`} thawed; this run trains ${trained === 0 ? 'the head alone' : `${trained}`}.`,
    goesOn:
      'The run goes on from its best epoch so far with a phase of its own; an epoch that is under way is left out.',
    epochs: 'Epochs',
    rate: 'Learning rate',
    do: 'Go on with this plan',
    hold: 'Pause before the next phase',
    change: 'Choose other layers',
    hint: 'Freeze or thaw layers on the graph, also while it trains; here the run then goes on with that plan.',
  },
  charts: {
    at: (epoch: number) => `epoch ${epoch}`,
    menu: (title: string) => `${title}: more`,
    logarithmic: 'Logarithmic scale',
    png: 'Save as PNG',
    csv: 'Save as CSV',
    smoothing: 'Smoothing',
    none: 'off',
  },
  log: {
    title: 'What happened',
    empty: 'Nothing yet.',
    phase: (phase: string, parameters: string, cut: string) =>
      `${phase}: ${parameters} parameters train, from ${cut}`,
    epoch: (epoch: number, loss: string, accuracy: string) =>
      `Epoch ${epoch}: validation loss ${loss}, accuracy ${accuracy}`,
    paused: 'Paused',
    resumed: 'Going on',
    done: 'Done: the best epoch’s model is saved',
  },
  features: (done: number, total: number) => `Frozen layers: ${done} of ${total} images`,
  epoch: (epoch: number, phase: string) => `Epoch ${epoch}, ${phase}`,
  saved: (run: string) => `Saved in ${run}`,
  basic: 'Training',
  recipe,
  frozenHint: 'Only the head trains: no block is thawed.',
  fixed: 'Settings stand while it trains.',
  reset: 'Back to the defaults',
  fields: {
    epochs: {
      label: 'Epochs for the head',
      help: 'Times every image is shown while the new head learns. It stops earlier when nothing improves.',
    },
    learningRate: {
      label: 'Learning rate',
      help: 'How big the head’s steps are. Too small is slow, too big jumps about.',
    },
    fineTuneEpochs: {
      label: 'Epochs with thawed layers',
      help: 'After the head, thawed layers learn too. A few epochs are often enough.',
    },
    fineTuneLearningRate: {
      label: 'Learning rate with thawed layers',
      help: 'Small, so that the layers adapt and do not forget what they know.',
    },
    batchSize: {
      label: 'Images a step',
      help: 'More is steadier and needs more memory; fewer learns in more, smaller steps.',
    },
    earlyStop: {
      label: 'Patience',
      help: 'Epochs without progress after which a phase ends. 0 never ends it early.',
    },
    classWeights: {
      label: 'Class weights',
      help: 'Balanced makes a class with few images count as much as one with many.',
      choices: { none: 'Every image the same', auto: 'Balanced' },
    },
    dropout: {
      label: 'Dropout',
      help: 'Share of the head’s values left out at random in each step: helps against learning by heart. Empty: as the backbone was made, for most none.',
    },
    headUnits: {
      label: 'Hidden layers of the head',
      help: 'Their widths, for example 128 or 256, 64. Empty: none, which is right for most.',
    },
    batchNorm: {
      label: 'Batch normalisation',
      help: 'Thawed ones keep the statistics they were trained with, or follow each batch. Keeping is safer with few images.',
      choices: { inference: 'Keep statistics', update: 'Follow the batch' },
    },
    resize: {
      label: 'How images become square',
      help: 'Squash keeps everything but distorts; crop takes the middle; pad adds borders.',
      choices: { squash: 'Squash', crop: 'Crop', pad: 'Pad' },
    },
    imageSize: {
      label: 'Image size',
      help: 'Side in pixels. Empty: the backbone’s own, which it knows best.',
    },
    seed: {
      label: 'Seed',
      help: 'The same seed gives the same run, and the same split.',
    },
    ...recipe.fields,
  },
} as const;
