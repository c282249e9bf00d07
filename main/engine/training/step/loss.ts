import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../../runtime/tf.ts';

/**
 * Cross-entropy from logits [batch, classes], weighted and averaged over the images: as Keras's categorical one with
 * sum_over_batch_size, and stable where a probability rounds to 0. Rows of zeros in `targets` are padding.
 */
export function crossEntropy(tf: Tf, logits: Tensor, targets: Tensor, sampleWeights: Tensor): Tensor {
  const losses = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1));
  return tf.div(tf.sum(tf.mul(losses, sampleWeights)), tf.sum(targets));
}

/** How many rows' highest logit is at their highest target; padding does not count. */
export function hits(tf: Tf, logits: Tensor, targets: Tensor): Tensor {
  const right = tf.cast(tf.equal(tf.argMax(logits, -1), tf.argMax(targets, -1)), 'float32');
  return tf.sum(tf.mul(right, tf.sum(targets, -1)));
}
