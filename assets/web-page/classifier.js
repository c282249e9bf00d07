/** Loads the model beside this file and classifies pictures. Needs TensorFlow.js (tf.min.js) on the page. */
import { toSquare } from './resize.js';

export async function loadClassifier(folder) {
  const info = await (await fetch(`${folder}/thaw.json`)).json();
  const layers = info.export.format === 'tfjs';
  const url = `${folder}/model.json`;
  const model = layers ? await tf.loadLayersModel(url) : await tf.loadGraphModel(url);
  return {
    info,
    /** @param picture anything a canvas can draw: an ImageBitmap, <img>, <video> or <canvas>. */
    async classify(picture) {
      const pixels = pixelsOf(picture, info.imageSize, info.resize);
      const size = info.imageSize;
      const output = tf.tidy(() => model.predict(tf.tensor(Float32Array.from(pixels), [1, size, size, 3])));
      const probabilities = await output.data();
      output.dispose();
      return { pixels, probabilities };
    },
  };
}

/** [size, size, 3] bytes, transparency laid on white. */
function pixelsOf(picture, size, policy) {
  const width = picture.videoWidth || picture.naturalWidth || picture.width;
  const height = picture.videoHeight || picture.naturalHeight || picture.height;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let at = 0; at < width * height; at += 1) rgb.set(data.subarray(at * 4, at * 4 + 3), at * 3);
  return toSquare(rgb, width, height, size, policy);
}
