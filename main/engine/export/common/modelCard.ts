import type { ExportFormatFacts, ExportResult } from '../../../../shared/domain/export.ts';
import type { Subject } from '../exporter.ts';
import type { ExportFile } from './exportFile.ts';

const scaling = {
  tf: 'to −1…1',
  torch: 'to 0…1, then by ImageNet’s mean and deviation',
  caffe: 'to BGR, less ImageNet’s mean',
  unit: 'to 0…1',
  none: 'not at all',
} as const;

const resizing = {
  squash: 'stretched to the input’s size, whatever its proportions',
  crop: 'cut to the centred square, then reduced',
  pad: 'reduced as a whole and centred on black',
} as const;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** What the model is, what it was trained on, how good it is and what it should not be used for, in plain words. */
export function modelCard(
  subject: Subject,
  file: ExportFile,
  facts: ExportFormatFacts,
  snippet: ExportResult['snippet'],
  more: string,
): string {
  const { run, card, result } = subject;
  const { training } = file;
  const settings = run?.settings;
  const lines = [
    `# Image classifier: ${file.classes.slice(0, 6).join(', ')}${file.classes.length > 6 ? '…' : ''}`,
    '',
    `A ${facts.title} model (${facts.file}, ${file.export.weights} weights) made by Thaw ${file.versions['thaw'] ?? ''}.`,
    '',
    '## Use',
    '',
    `- Input \`image\`: float32 [${file.export.batch === 'one' ? '1' : 'batch'}, ${file.imageSize}, ${file.imageSize}, 3], RGB, 0–255. Scaling (${scaling[file.preprocess]}) is inside the model.`,
    `- An image is ${resizing[file.resize]}; reduced with an antialiasing triangle filter (Pillow’s BILINEAR), enlarged bilinearly, turned upright by its EXIF orientation, transparency laid on white.`,
    `- Output \`probabilities\`: float32 [${file.export.batch === 'one' ? '1' : 'batch'}, ${file.classes.length}], in the order of \`labels.txt\`.`,
    ...Object.entries(file.export.facts).map(([name, value]) => `- ${name}: ${value}.`),
    '',
    // Markdown within Markdown needs a longer fence.
    `\`\`\`\`${snippet.language}`,
    snippet.code.trimEnd(),
    '````',
    '',
    ...(more === '' ? [] : [more, '']),
    '## Classes',
    '',
    ...file.classes.map((name, index) => `${index}. ${name}`),
    '',
    '## Training',
    '',
    `- Backbone: ${card?.title ?? file.backbone}${card === null ? '' : `. ${card.source}`}`,
    `- Licence of the backbone: ${card?.licence ?? 'not known; ask whoever gave it to you before you pass this model on'}`,
    ...(card?.paper ? [`- Paper: ${card.paper}`] : []),
    `- Images: ${training.trainImages} to train on, ${training.validationImages} to validate on${run === null ? '' : `, of ${run.dataset.name} (fingerprint ${run.dataset.fingerprint.slice(0, 12)})`}`,
    ...(settings === undefined
      ? []
      : [
          `- Settings: ${settings.epochs} + ${settings.fineTuneEpochs} epochs at most, batches of ${settings.batchSize}, learning rate ${settings.learningRate}, seed ${settings.seed}, images ${settings.resize}`,
        ]),
    ...(result === null
      ? []
      : [
          `- Trained parameters: ${result.parameters.trainable} of ${result.parameters.trainable + result.parameters.frozen}`,
        ]),
    '',
    '## How good it is',
    '',
    `- ${percent(training.valAccuracy)} of the validation images are classified rightly (epoch ${training.epoch}). The best epoch was chosen on these images, so that new ones will do a little worse.`,
    ...(file.accuracy === null
      ? []
      : [
          `- Whole-number arithmetic, as simulated on ${file.accuracy.images} validation images: ${percent(file.accuracy.after)} right, ${percent(file.accuracy.before)} before.`,
        ]),
    `- ${checkedHow(file)}`,
    ...file.notices.map((notice) => `- ${notice}`),
    '',
    '## Limits',
    '',
    '- It knows these classes and no others: an image of anything else gets one of these labels, often with confidence.',
    '- It is as fair as its images: light, background, camera or people that the training images lack are where it errs first.',
    '- It has not been examined for decisions about people, health or safety.',
    '',
  ];
  return lines.join('\n');
}

function checkedHow({ verified }: ExportFile): string {
  if (verified.runtime === null || verified.maxAbsDifference === null || verified.labelAgreement === null)
    return 'Not verified here: no runtime of this format is inside Thaw. `python verify.py` compares it with the golden images.';
  return `Checked in ${verified.runtime} against the studio on ${verified.images} images: probabilities differ by ${verified.maxAbsDifference.toExponential(1)} at most, ${percent(verified.labelAgreement)} of the labels are the same.`;
}
