/** Cross-entropy and hits of a batch, summed; in double precision from float32 logits. */
export function scoreLogits(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
): { lossSum: number; correct: number } {
  let lossSum = 0;
  let correct = 0;
  for (const [row, label] of labels.entries()) {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    let best = 0;
    for (let index = 1; index < classes; index += 1)
      if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
    const peak = values[best] ?? 0;
    let sum = 0;
    for (const value of values) sum += Math.exp(value - peak);
    lossSum += Math.log(sum) + peak - (values[label] ?? 0);
    if (best === label) correct += 1;
  }
  return { lossSum, correct };
}
