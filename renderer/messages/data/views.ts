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
  mixedTitle: 'Images mixed with one another',
  mixesPixels:
    'So a first step mixes these images, once all layers train. While the backbone is frozen, what it gives is mixed instead.',
  mixesFeatures:
    'With this plan layers stay frozen: what they give is mixed, not the pixels, so there is nothing to look at.',
  another: 'Another image',
} as const;
