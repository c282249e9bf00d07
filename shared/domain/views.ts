/**
 * Which variation of an image an epoch trains on. Variations are numbered: with `kept` ones they come round from 0;
 * with none kept every epoch has its own, numbered like it.
 * @param epoch from 1. @param kept TrainSettings.augmentViews.
 */
export function viewNumber(epoch: number, kept: number): number {
  return kept === 0 ? epoch : (epoch - 1) % kept;
}

/** The variations that the first epochs train on, each once, as `viewNumber` numbers them; at most `most`. */
export function firstViews(kept: number, most: number): number[] {
  const count = kept === 0 ? most : Math.min(kept, most);
  return Array.from({ length: count }, (_, index) => viewNumber(index + 1, kept));
}
