/** Texts of the variations of images that training sees. */
export const views = {
  title: 'Variations in training',
  none: 'Every epoch shows the images as they are above.',
  variation: (number: number) => `Variation ${number}`,
  kept: (shown: number, kept: number) =>
    shown === kept
      ? `These ${kept} come round in turn, pixel for pixel.`
      : `The first ${shown} of ${kept} that come round in turn, pixel for pixel.`,
  everNew: (shown: number) => `Pixel for pixel what epochs 1 to ${shown} see; each later one sees another.`,
  mixed: 'MixUp and CutMix then blend the images of a step with one another.',
  another: 'Another image',
} as const;
