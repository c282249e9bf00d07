import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Preprocess } from '../../../../../shared/domain/network.ts';
import { unreachable } from '../../../../../shared/errors.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { caffeMean, torchDeviation, torchMean } from '../scalePixels.ts';

/**
 * [batch, height, width, 3], RGB of 0–255 as float32, scaled as Keras's `imagenet_utils.preprocess_input` does in the
 * mode of that name: as `scalePixels`, in tensors. Call it inside `tf.tidy`.
 */
export function scaleImages(tf: Tf, images: Tensor, mode: Preprocess): Tensor {
  switch (mode) {
    case 'none':
      return images;
    case 'unit':
      return tf.div(images, 255);
    case 'tf':
      return tf.sub(tf.div(images, 127.5), 1);
    case 'torch':
      return tf.div(tf.sub(tf.div(images, 255), tf.tensor1d(torchMean)), tf.tensor1d(torchDeviation));
    case 'caffe':
      return tf.sub(tf.reverse(images, 3), tf.tensor1d(caffeMean));
    default:
      return unreachable(mode);
  }
}
