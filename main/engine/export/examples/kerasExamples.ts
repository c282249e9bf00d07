import type { ExampleFacts, ExampleFile } from '../exporter.ts';
import { commonImports, pythonExample } from './pythonExample.ts';

/** Keras in Python, 3 or 2.15. */
export function kerasExamples(facts: ExampleFacts, model: string): readonly ExampleFile[] {
  return [
    pythonExample(
      {
        file: 'verify.py',
        model,
        packages: 'tensorflow keras "pillow>=10.1"',
        imports: ['import keras', 'import numpy as np', commonImports[1]],
        body: `
model = keras.models.load_model(str(HERE / "${model}"))
# To train it further: model.compile("adam", "sparse_categorical_crossentropy"); model.fit(images, labels)


def probabilities(images):
    """[n, size, size, 3] float32 of 0-255 to [n, classes]."""
    return model.predict(images, verbose=0)
`,
      },
      facts,
    ),
  ];
}
