/** Texts of the settings that decide how training goes, beyond the plan: augmentation, optimizer, fine-tuning. */
export const recipe = {
  groups: {
    general: 'More settings',
    images: 'Variations of the images',
    steps: 'Optimizer and learning rate',
    thawed: 'Care for thawed layers',
  },
  finder: {
    open: 'Find a good rate',
    title: 'Which learning rate?',
    explain:
      'The head trains with a rate that rises from step to step. The advised one is where the loss falls fastest.',
    trying: (done: number, total: number) => `Trying rate ${done} of ${total}`,
    chart: (advised: string) => `Loss by learning rate; ${advised} is advised`,
    use: (rate: string) => `Use ${rate}`,
    cancel: 'Cancel',
    needsPlan: 'Open a dataset first.',
  },
  fields: {
    augment: {
      label: 'Variations',
      help: 'Shows each image in random crops, turns and colours. Helps with few images; strong needs more epochs.',
      choices: { none: 'None', light: 'Light', strong: 'Strong' },
    },
    augmentFlip: {
      label: 'Mirror images',
      help: 'Off for text, digits and hands, where left and right mean something.',
    },
    augmentViews: {
      label: 'Kept variations',
      help: 'So many variations of each image are computed once and come round. 0: new ones every epoch, which is slower.',
    },
    mixup: {
      label: 'MixUp',
      help: 'Blends images and their classes with one another. 0 is off; 0.2 is usual.',
    },
    cutmix: {
      label: 'CutMix',
      help: 'Pastes rectangles of one image into another. 0 is off; 1 is usual.',
    },
    featurePrecision: {
      label: 'Cached features',
      help: 'Half precision takes half the space on disk and in memory, at a hardly measurable cost.',
      choices: { float32: 'Full precision', float16: 'Half precision' },
    },
    optimizer: {
      label: 'Optimizer',
      help: 'Adam suits most. AdamW also keeps weights small; SGD with momentum is slower and sometimes ends better.',
      choices: { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD with momentum' },
    },
    schedule: {
      label: 'Learning rate goes on',
      help: 'Cosine falls to nothing at the phase’s end; one cycle rises first; plateau falls when progress stops.',
      choices: { constant: 'Constant', cosine: 'Cosine', 'one-cycle': 'One cycle', plateau: 'On plateaus' },
    },
    warmupEpochs: {
      label: 'Warm-up epochs',
      help: 'Epochs, or a part of one, in which the rate first rises from 0.',
    },
    weightDecay: {
      label: 'Weight decay',
      help: 'Shrinks weights a little in each step. Empty: the optimizer’s own.',
    },
    labelSmoothing: {
      label: 'Label smoothing',
      help: 'Share of each label that is spread over all classes: makes the model less sure of itself.',
    },
    clipNorm: {
      label: 'Gradient limit',
      help: 'Keeps the norm of all gradients below this. 0: no limit; 1 steadies a training that jumps.',
    },
    accumulate: {
      label: 'Steps to an update',
      help: 'Adds up the gradients of several steps: the effect of a larger batch in the memory of a small one.',
    },
    averageMomentum: {
      label: 'Weight averaging',
      help: 'Evaluates and saves a moving average of the weights. 0 is off; 0.99 is usual.',
    },
    l2sp: {
      label: 'Pull to the pretrained weights',
      help: 'Keeps thawed layers near what they knew (L2-SP). 0 is off; 0.01 is a start.',
    },
    rateDecay: {
      label: 'Rate from block to block',
      help: 'Each thawed block learns at this share of the next one’s rate. 1: all alike; 0.4 is usual.',
    },
    gradualUnfreeze: {
      label: 'Thaw in steps',
      help: 'Thaws the chosen blocks one group after the other, from the last one back. 0: all at once.',
    },
  },
} as const;
