import type { FindingKind } from '../../../shared/domain/dataset.ts';
import { imagesText, whole } from '../counts.ts';

const findingNames = {
  broken: 'Damaged files',
  truncated: 'Files cut short',
  'empty-file': 'Empty files',
  'not-an-image': 'No images',
  'extension-mismatch': 'Misnamed files',
  'unsupported-format': 'Formats not decoded',
  'too-large': 'Too large',
  duplicate: 'Exact duplicates',
  'near-duplicate': 'Nearly the same',
  'label-conflict': 'Same image, two classes',
  'split-leak': 'On both sides of the split',
  'class-imbalance': 'Unequal classes',
  'small-class': 'Small classes',
  'odd-size': 'Odd sizes',
  'hidden-file': 'Hidden files',
  'symlink-loop': 'Links in a circle',
  unreadable: 'Not readable',
  unlabelled: 'Without a class',
  'outside-folder': 'Outside the folder',
  'set-aside': 'Set aside by you',
} as const satisfies Record<FindingKind, string>;

const findingHelp = {
  broken: 'These files cannot be decoded and are not used. Replace them where they lie, or forget them.',
  truncated: 'The end of these files is missing. Copy them again from where they came.',
  'empty-file': 'These files have no content.',
  'not-an-image': 'These files lie among the images and are skipped.',
  'extension-mismatch':
    'Their names say one format, their content is another. The content counts: they are used, and nothing needs doing.',
  'unsupported-format': 'Save these as JPEG or PNG to use them.',
  'too-large': 'These are beyond what is decoded.',
  duplicate:
    'The same file more than once. Only one of each is used; setting the copies aside takes them off this list.',
  'near-duplicate':
    'They may be copies in another size or quality, or shots of one moment. Keep the best one.',
  'label-conflict': 'The same image stands in two classes, so neither is believed. Say which is right.',
  'split-leak':
    'What is measured on one side was learned from the other. Put such images on one side, or keep one.',
  'class-imbalance':
    'A network learns to prefer the large class. Class weights in Training help, more images help more.',
  'small-class':
    'With so few images a class can hardly be learned or measured. Add some, or do without the class.',
  'odd-size': 'Made square, these show a network little of what is in them. Look at them before you train.',
  'hidden-file': 'Files that systems hide or leave behind are never taken for images. Nothing needs doing.',
  'symlink-loop':
    'These links lead back to a folder around them and were not followed: its images are read where they lie. Nothing needs doing.',
  unreadable: 'The system does not let these be read.',
  unlabelled:
    'These lie outside the class folders, or have no label, and are not used. Say which class they belong to; the files stay where they lie.',
  'outside-folder':
    'The CSV names files outside its folder, which are never read. Drop them on a class to copy them into the project, or take them off the list.',
  'set-aside': 'You set these aside. Put them back at any time.',
} as const satisfies Record<FindingKind, string>;

/** What is wrong with images, and what can be done about it. */
export const findings = {
  findings: 'Findings',
  noFindings: 'Nothing wrong was found.',
  findingNames,
  findingHelp,
  severity: { error: 'Error', warning: 'Warning', info: 'Note' },
  findingMore: (count: number) => `and ${imagesText(count)} more`,
  showMore: 'Show more',
  keepThis: 'Keep only this',
  sameSide: 'Put all on the training side',
  chooseClass: (images: number) => (images === 1 ? 'It belongs to' : 'They belong to'),
  takeOff: 'Take off the list',
  asideAll: 'Set them aside',
  asideCopies: 'Set the copies aside',
  leaveOut: (name: string) => `Do without ${name}`,
  tidy: {
    duplicate: 'Keep one of each',
    'near-duplicate': 'Keep the first of each group',
    'split-leak': 'Keep what is measured on, take it from training',
    'odd-size': 'Set small ones aside, pad long ones',
    unlabelled: 'Take all off the list',
    'outside-folder': 'Take all off the list',
    'symlink-loop': 'Take all off the list',
  },
  takenOff: (count: number) => `${whole(count)} taken off the list.`,
  tidied: (count: number, isPadded: boolean) =>
    `${imagesText(count)} set aside${isPadded ? '; training pads images now' : ''}.`,
  settings: {
    classWeights: {
      set: 'Balance the classes in training',
      isSet: 'Training counts every class alike.',
      takeBack: 'Count every image alike',
    },
    resize: {
      set: 'Train with Pad',
      isSet: 'Training pads images.',
      takeBack: 'Back to Squash',
    },
  },
} as const;
