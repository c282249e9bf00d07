/**
 * Factors that let every class count the same in the loss: images / (classes × images of the class), scikit-learn's
 * `compute_class_weight('balanced')` (King and Zeng 2001). A class without images gets 1.
 */
export function balancedClassWeights(labels: Iterable<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  let total = 0;
  for (const label of labels) {
    counts[label] = (counts[label] ?? 0) + 1;
    total += 1;
  }
  return counts.map((count) => (count === 0 ? 1 : total / (classes * count)));
}
