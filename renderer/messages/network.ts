/** Texts of the network station. */
export const network = {
  loading: 'Reading the network…',
  frozen: 'Frozen',
  thawed: 'Thawed',
  head: 'head',
  headDetail: (classes: number) => `${classes} classes`,
  presets: { head: 'Head only', last: 'Last block', quarter: 'Last quarter', all: 'Everything' },
  count: (thawed: number, layers: number) => `${thawed} thawed of ${layers} layers`,
  parameters: (trainable: string, total: string) => `${trainable} of ${total} parameters train`,
  undo: 'Undo',
  redo: 'Redo',
  help: 'Click a block to freeze or thaw it. Shift-click thaws from there to the output. F toggles the selected block.',
  output: 'Output',
  parametersLabel: 'Parameters',
  layers: (count: number) => (count === 1 ? '1 layer' : `${count} layers`),
  unwise: (images: number) =>
    `Everything thawed on ${images} images is likely to forget more than it learns. Thaw fewer blocks, or add images.`,
} as const;
