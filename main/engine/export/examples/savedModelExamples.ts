import type { ExampleFacts, ExampleFile } from '../exporter.ts';
import { commonImports, pythonExample } from './pythonExample.ts';

/** TensorFlow in Python. */
export function savedModelExamples(facts: ExampleFacts): readonly ExampleFile[] {
  return [
    pythonExample(
      {
        file: 'example.py',
        model: 'saved_model.pb',
        packages: 'tensorflow "pillow>=10.1"',
        imports: ['import numpy as np', 'import tensorflow as tf', commonImports[1]],
        body: `
model = tf.saved_model.load(str(HERE))
from_pixels = model.signatures["serving_default"]
# model.signatures["serving_bytes"](image_bytes=tf.constant([open("photo.jpg", "rb").read()])) takes whole files.


def probabilities(images):
    """[n, size, size, 3] float32 of 0-255 to [n, classes]."""
    return from_pixels(image=tf.constant(images))["probabilities"].numpy()
`,
      },
      facts,
    ),
  ];
}
