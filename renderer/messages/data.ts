/** Texts of the data station. */
export const data = {
  title: 'What should it learn to tell apart?',
  hint: 'One folder of images for each class. Also a zip of that, or a CSV with the columns path and label.',
  drop: 'Drop a folder of class folders, a zip or a CSV here',
  chooseFolder: 'Choose a folder…',
  copying: (done: number, total: number) => `Copying ${done} of ${total} files`,
  cancel: 'Cancel',
  path: 'Path of a folder, zip or CSV on this machine',
  open: 'Open dataset',
  sample: 'Open the sample',
  scanning: (done: number, total: number | null) =>
    total === null ? `Scanning, ${done} files so far` : `Scanning ${done} of ${total} files`,
  summary: (images: number, classes: number) => `${images} images in ${classes} classes`,
  split: (train: number, validation: number) => `${train} to train on, ${validation} to validate on`,
  findings: 'Findings',
  noFindings: 'Nothing wrong was found.',
  unused: 'not used',
  images: (count: number) => `${count} images`,
} as const;
