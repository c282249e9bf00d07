import type { Preprocess } from '../../../../shared/domain/network.ts';
import { unreachable } from '../../../../shared/errors.ts';

/** Of red, green and blue in `torch`; of blue, green and red in `caffe`. */
export const torchMean = [0.485, 0.456, 0.406];
export const torchDeviation = [0.229, 0.224, 0.225];
export const caffeMean = [103.939, 116.779, 123.68];

/**
 * RGB bytes scaled as Keras's `imagenet_utils.preprocess_input` does in the mode of that name (`caffe` also turns RGB
 * into BGR).
 */
export function scalePixels(
  pixels: Uint8Array,
  mode: Preprocess,
  into: Float32Array = new Float32Array(pixels.length),
): Float32Array {
  const tables = channelTables(mode);
  const turned = mode === 'caffe';
  const [first = into, second = into, third = into] = tables;
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    into[at] = first[turned ? blue : red] ?? 0;
    into[at + 1] = second[green] ?? 0;
    into[at + 2] = third[turned ? red : blue] ?? 0;
  }
  return into;
}

/** The scaled value of each byte, for each channel of the result. */
function channelTables(mode: Preprocess): Float32Array[] {
  return [0, 1, 2].map((channel) => {
    const scale = scaleOf(mode, channel);
    return Float32Array.from({ length: 256 }, (_, byte) => scale(byte));
  });
}

function scaleOf(mode: Preprocess, channel: number): (byte: number) => number {
  switch (mode) {
    case 'none':
      return (byte) => byte;
    case 'unit':
      return (byte) => byte / 255;
    case 'tf':
      return (byte) => byte / 127.5 - 1;
    case 'torch':
      return (byte) => (byte / 255 - (torchMean[channel] ?? 0)) / (torchDeviation[channel] ?? 1);
    case 'caffe':
      return (byte) => byte - (caffeMean[channel] ?? 0);
    default:
      return unreachable(mode);
  }
}
