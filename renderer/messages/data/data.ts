import type { FindingKind, SplitName } from '../../shared/domain/dataset.ts';

const whole = (count: number): string => count.toLocaleString('en');
const imagesText = (count: number): string => (count === 1 ? '1 image' : `${whole(count)} images`);

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
    'Their names say one format, their content is another. The content counts; they are used.',
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
  'hidden-file': 'Files of the system, skipped.',
  'symlink-loop': 'These links lead back to a folder around them and were not followed.',
  unreadable: 'The system does not let these be read.',
  unlabelled:
    'These lie outside the class folders, or have no label. Choose a class for them by adding them to one.',
  'outside-folder': 'The CSV names files outside its folder. They were not read.',
  'set-aside': 'You set these aside. Put them back at any time.',
} as const satisfies Record<FindingKind, string>;

/** Texts of the data station. */
export const data = {
  title: 'What should it learn to tell apart?',
  hint: 'One folder of images for each class. Also a zip of that, or a CSV with the columns path and label.',
  drop: 'Drop a folder of class folders, a zip or a CSV here',
  dropAnywhere: 'Drop on a class to add to it, anywhere else to open it',
  chooseFolder: 'Choose a folder…',
  chooseFile: 'Choose a zip or CSV…',
  copying: (done: number, total: number) => `Copying ${whole(done)} of ${whole(total)} files`,
  adding: (done: number, total: number) => `Adding ${whole(done)} of ${whole(total)} images`,
  cancel: 'Cancel',
  path: 'Path of a folder, zip or CSV on this machine',
  open: 'Open dataset',
  sample: 'Open the sample',
  empty: 'Start with the camera or single images',
  emptyName: 'My images',
  openOther: 'Open other images…',
  scanning: (done: number, total: number | null) =>
    total === null
      ? `Scanning, ${whole(done)} files so far`
      : `Scanning ${whole(done)} of ${whole(total)} files`,
  scanHint:
    'Every image is decoded once, to find what is damaged, doubled or out of place. Nothing is changed.',
  summary: (images: number, classes: number) =>
    `${imagesText(images)} in ${classes === 1 ? '1 class' : `${whole(classes)} classes`}`,
  images: imagesText,
  all: 'All images',
  setAside: 'Set aside',
  classes: 'Classes',
  newClass: 'New class',
  className: 'Name of the class',
  nameTaken: (name: string) => `There is a class ${name} already.`,
  create: 'Create',
  rename: 'Rename…',
  renameTitle: (name: string) => `Rename ${name}`,
  renameAction: 'Rename',
  merge: 'Merge into',
  remove: 'Delete class',
  removeTitle: (name: string) => `Delete the class ${name}?`,
  removeText: (count: number) =>
    count === 0
      ? 'It has no images.'
      : `Its ${imagesText(count)} will be set aside. No file is deleted, and this can be undone.`,
  removeAction: 'Delete',
  classMenu: (name: string) => `What to do with ${name}`,
  addImages: 'Add images…',
  addFolder: 'Add a folder…',
  camera: 'Camera',
  moveTo: 'Move to',
  moveToNew: 'New class…',
  setAsideAction: 'Set aside',
  putBack: 'Put back',
  pin: 'Side',
  pinTo: { train: 'Always train', validation: 'Always validation', test: 'Always test' } satisfies Record<
    SplitName,
    string
  >,
  unpin: 'Leave it to the draw',
  sides: { train: 'Train', validation: 'Validation', test: 'Test' } satisfies Record<SplitName, string>,
  anySide: 'Every side',
  sideFilter: 'Show images of',
  selected: (count: number) => `${whole(count)} selected`,
  selectAll: 'Select all',
  clear: 'Clear',
  more: 'More',
  undo: (what: string) => (what === '' ? 'Nothing to undo' : `Undo: ${what}`),
  redo: (what: string) => (what === '' ? 'Nothing to redo' : `Redo: ${what}`),
  decision: {
    exclude: (count: number) => `set ${imagesText(count)} aside`,
    restore: (count: number) => `put ${imagesText(count)} back`,
    label: (count: number, name: string) => `move ${imagesText(count)} to ${name}`,
    pin: (count: number) => `choose a side for ${imagesText(count)}`,
    add: (count: number, name: string) => `add ${imagesText(count)} to ${name}`,
    'create-class': (_: number, name: string) => `create ${name}`,
    'rename-class': (_: number, name: string) => `rename to ${name}`,
    'merge-classes': (_: number, name: string) => `merge into ${name}`,
    'delete-class': (_: number, name: string) => `delete ${name}`,
  },
  grid: 'Images',
  gridHelp:
    'Arrows move, Space selects, Shift extends, Ctrl+A selects all, Delete sets aside, M moves to a class.',
  noImages: 'No images here yet.',
  noImagesHint: 'Drop images on the class, add some, or take them with the camera.',
  noneAside: 'Nothing is set aside.',
  noneOnSide: 'No image of this class is on this side of the split.',
  unused: 'Not used',
  pinned: 'You chose its side',
  cannotShow: 'cannot be shown',
  findings: 'Findings',
  noFindings: 'Nothing wrong was found.',
  findingNames,
  findingHelp,
  severity: { error: 'Error', warning: 'Warning', info: 'Note' },
  findingMore: (count: number) => `and ${imagesText(count)} more`,
  showMore: 'Show more',
  keepThis: 'Keep only this',
  sameSide: 'Put all on the training side',
  chooseClass: 'They belong to',
  asideAll: 'Set them aside',
  asideCopies: 'Set the copies aside',
  leaveOut: (name: string) => `Do without ${name}`,
  tidy: {
    duplicate: 'Keep one of each',
    'near-duplicate': 'Keep the first of each group',
    'split-leak': 'Keep what is measured on, take it from training',
    'odd-size': 'Set small ones aside, pad long ones',
  },
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
  openClass: (name: string) => `Open ${name}`,
  back: 'Back to all images',
  splitTitle: 'Split',
  splitText: (train: number, validation: number, test: number) =>
    `${whole(train)} to train on, ${whole(validation)} to validate on${test > 0 ? `, ${whole(test)} to test on` : ''}`,
  split: (train: number, validation: number) =>
    `${whole(train)} to train on, ${whole(validation)} to validate on`,
  noSplit: 'Too few images to train and validate on: each side needs at least one.',
  adjust: 'Adjust…',
  validationShare: 'Share to validate on',
  testShare: 'Share held back for a test',
  seed: 'Seed of the draw',
  redraw: 'Draw again',
  splitHelp:
    'Each image is put on a side by its content, so duplicates stay together and added images move nobody. A split that folders or the CSV name is kept.',
  apply: 'Apply',
  close: 'Close',
  facts: {
    file: 'File',
    size: 'Size',
    class: 'Class',
    side: 'Side',
    state: 'State',
    formats: 'Formats',
    sizes: 'Sizes',
    median: 'Median',
    bytes: 'On disk',
    place: 'Images from',
    project: 'Project',
  },
  sizeRange: (smallest: string, largest: string) =>
    smallest === largest ? smallest : `${smallest} to ${largest}`,
  pixels: (width: number, height: number) => `${whole(width)} × ${whole(height)}`,
  project: 'Project',
  chooseOne: 'Select an image to see it, and what the network sees of it.',
  networkSees: (size: number) => `What the network sees, ${size} × ${size}`,
  resize: { squash: 'Squash', crop: 'Crop', pad: 'Pad' },
  resizeHelp: {
    squash: 'All of it, out of proportion',
    crop: 'In proportion, the edges cut',
    pad: 'All of it, with black bars',
  },
  usePolicy: (name: string) => `Train with ${name}`,
  policyUsed: 'Used in training',
  cameraTitle: (name: string) => `Take images for ${name}`,
  cameraAsk: 'Allow the camera, and see here what it sees.',
  cameraFailed: 'The camera cannot be used.',
  cameraDenied: 'Allow it for this page, then open this again.',
  hold: 'Hold to take images',
  holdHint: 'Hold the button, or the space bar while it has the focus. Turn the object, change the light.',
  taken: (count: number) => (count === 0 ? 'None taken yet' : `${imagesText(count)} taken`),
  dropShot: (number: number) => `Leave out image ${number}`,
  keep: (count: number) => (count === 0 ? 'Add images' : `Add ${imagesText(count)}`),
  discard: 'Discard',
  added: (count: number, name: string) => `${imagesText(count)} added to ${name}`,
  refused: (count: number, first: string) =>
    count === 1
      ? `1 file was not added: ${first}`
      : `${whole(count)} files were not added, among them ${first}`,
  looseTitle: (count: number) =>
    `Which class do ${count === 1 ? 'this image' : `these ${whole(count)} images`} belong to?`,
  rescan: 'Look at the files again',
  moved: {
    title: (name: string) => `Where are the images of ${name} now?`,
    explain:
      'They are not where they were when the project was open last. Say where they lie now; your decisions and runs stay as they are.',
    before: 'They were at',
    now: 'Path of the folder, zip or CSV now',
    use: 'Use this place',
  },
} as const;
