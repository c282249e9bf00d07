/** Texts of the insight station. */
export const insight = {
  needsRun: 'Train first; then this shows where the model is right and where it errs.',
  measuring: 'Measuring the model on its validation images…',
  title: (images: number) => `On the ${images} images it was validated on`,
  accuracy: 'Accuracy',
  loss: 'Loss',
  calibration: 'Calibration error',
  confusion: 'Confusion: rows are true classes, columns what the model said',
  perClass: 'Each class',
  columns: { name: 'Class', precision: 'Precision', recall: 'Recall', f1: 'F1', support: 'Images' },
  mistakes: 'Most confident mistakes',
  mistakesOf: (label: string, predicted: string) => `${label} taken for ${predicted}`,
  all: 'Show all',
  noMistakes: 'It made no mistakes.',
  taken: (predicted: string, confidence: string) => `said ${predicted}, ${confidence}`,
  open: (label: string, predicted: string, count: number) =>
    `${count} ${label} taken for ${predicted}: show them`,
  predict: 'Ask the model about an image on this machine',
  path: 'Path of an image',
  ask: 'Ask',
} as const;
