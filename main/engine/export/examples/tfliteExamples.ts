import type { ExampleFacts, ExampleFile } from '../exporter.ts';
import { commonImports, pythonExample } from './pythonExample.ts';

/** LiteRT in Python, or the interpreter inside TensorFlow. */
export function tfliteExamples(facts: ExampleFacts): readonly ExampleFile[] {
  return [
    pythonExample(
      {
        file: 'verify.py',
        model: 'model.tflite',
        packages: 'ai-edge-litert numpy "pillow>=10.1"',
        imports: [
          'import numpy as np',
          commonImports[1],
          '',
          'try:',
          '    from ai_edge_litert.interpreter import Interpreter',
          'except ImportError:  # TensorFlow brings the same interpreter',
          '    import tensorflow as tf',
          '',
          '    Interpreter = tf.lite.Interpreter',
        ],
        body: `
interpreter = Interpreter(model_path=str(HERE / "model.tflite"))
interpreter.allocate_tensors()
run = interpreter.get_signature_runner("serving_default")


def probabilities(images):
    """[1, size, size, 3] float32 of 0-255 to [1, classes]."""
    return run(image=images)["probabilities"]
`,
      },
      facts,
    ),
  ];
}
