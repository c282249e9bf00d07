import type { ExampleFacts, ExampleFile } from '../exporter.ts';
import { commonImports, pythonExample } from './pythonExample.ts';

/** ONNX Runtime in Python. */
export function onnxExamples(facts: ExampleFacts): readonly ExampleFile[] {
  return [
    pythonExample(
      {
        file: 'example.py',
        model: 'model.onnx',
        packages: 'onnxruntime numpy "pillow>=10.1"',
        imports: ['import numpy as np', 'import onnxruntime', commonImports[1]],
        body: `
session = onnxruntime.InferenceSession(str(HERE / "model.onnx"), providers=["CPUExecutionProvider"])


def probabilities(images):
    """[n, size, size, 3] float32 of 0-255 to [n, classes]."""
    return session.run(["probabilities"], {"image": images})[0]
`,
      },
      facts,
    ),
  ];
}
