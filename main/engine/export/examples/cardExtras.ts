import type { ExportFormat } from '../../../../shared/domain/export.ts';

/** The language of an example, as Markdown names it. */
export function languageOf(file: string): string {
  if (file.endsWith('.py')) return 'python';
  if (file.endsWith('.html')) return 'html';
  if (file.endsWith('.md')) return 'markdown';
  return 'javascript';
}

/** Short code for other languages, for the formats that phones and desktop programs take. */
export function cardExtras(
  format: ExportFormat,
  { imageSize, classes }: { readonly imageSize: number; readonly classes: readonly string[] },
): string {
  const values = imageSize * imageSize * 3;
  if (format === 'onnx')
    return `In C# (Microsoft.ML.OnnxRuntime):

\`\`\`csharp
using var session = new InferenceSession("model.onnx");
// rgb: float[${values}], row by row, red, green, blue, 0–255
var image = new DenseTensor<float>(rgb, new[] { 1, ${imageSize}, ${imageSize}, 3 });
using var results = session.Run(new[] { NamedOnnxValue.CreateFromTensor("image", image) });
float[] probabilities = results.First().AsEnumerable<float>().ToArray(); // ${classes.length} values
\`\`\``;
  if (format === 'tflite')
    return `In Kotlin (Android, org.tensorflow.lite):

\`\`\`kotlin
val interpreter = Interpreter(FileUtil.loadMappedFile(context, "model.tflite"))
// rgb: ByteBuffer of ${values} native-order floats, row by row, red, green, blue, 0–255
val probabilities = Array(1) { FloatArray(${classes.length}) }
interpreter.run(rgb, probabilities)
\`\`\`

In Swift (iOS, TensorFlowLiteSwift):

\`\`\`swift
let interpreter = try Interpreter(modelPath: Bundle.main.path(forResource: "model", ofType: "tflite")!)
try interpreter.allocateTensors()
try interpreter.copy(rgb, toInputAt: 0) // Data of ${values} floats, 0–255
try interpreter.invoke()
let probabilities = try interpreter.output(at: 0).data.withUnsafeBytes { Array($0.bindMemory(to: Float32.self)) }
\`\`\``;
  return '';
}
