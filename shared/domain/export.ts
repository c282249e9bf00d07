/** What a trained model can be written as, and what each form is for. */

export const exportFormats = [
  'tfjs',
  'tfjs-graph',
  'keras',
  'h5',
  'savedmodel',
  'tflite',
  'onnx',
  'keras-project',
] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * How weights are stored. `float16`, `uint8` and `int8` make the file smaller; `full-int8` also computes in whole
 * numbers, with ranges measured on the user's images.
 */
export const weightTypes = ['float32', 'float16', 'uint8', 'int8', 'full-int8'] as const;
export type WeightType = (typeof weightTypes)[number];

export interface ExportOptions {
  readonly weights: WeightType;
  /** Images a call takes: any number, or always one (some phones' accelerators want that). */
  readonly batch: 'dynamic' | 'one';
}

export const defaultExportOptions: ExportOptions = { weights: 'float32', batch: 'dynamic' };

export interface ExportFormatFacts {
  readonly format: ExportFormat;
  readonly title: string;
  /** One sentence: who takes this one. */
  readonly purpose: string;
  /** What the model file is called in the folder. */
  readonly file: string;
  /** The weight types it can have, the default first. */
  readonly weights: readonly WeightType[];
  /** Whether the number of images a call takes can be fixed. */
  readonly fixedBatch: boolean;
  /** What checks it inside Thaw; null where no runtime is at hand and verify.py does it. */
  readonly runtime: 'tfjs' | 'onnxruntime' | 'tensorflow' | null;
}

/** The formats in the order they are offered. */
export const exportFormatFacts: readonly ExportFormatFacts[] = [
  {
    format: 'tfjs',
    title: 'TensorFlow.js layers',
    purpose:
      'Web pages and Node; can be trained further in the browser. Comes with a page that works offline.',
    file: 'model.json',
    weights: ['float32', 'float16', 'uint8'],
    fixedBatch: false,
    runtime: 'tfjs',
  },
  {
    format: 'tfjs-graph',
    title: 'TensorFlow.js graph',
    purpose: 'Web pages and Node; the fastest form for the browser. Comes with a page that works offline.',
    file: 'model.json',
    weights: ['float32', 'float16', 'uint8'],
    fixedBatch: false,
    runtime: 'tfjs',
  },
  {
    format: 'keras',
    title: 'Keras',
    purpose: 'Python with Keras 3 or 2.15: load, predict, train further.',
    file: 'model.keras',
    weights: ['float32'],
    fixedBatch: false,
    runtime: null,
  },
  {
    format: 'h5',
    title: 'Keras HDF5',
    purpose: 'Python with Keras 2 or 3, and every tool that reads the older format.',
    file: 'model.h5',
    weights: ['float32'],
    fixedBatch: false,
    runtime: null,
  },
  {
    format: 'savedmodel',
    title: 'TensorFlow SavedModel',
    purpose: 'TensorFlow and TensorFlow Serving; takes pixels, or whole JPEG and PNG files.',
    file: 'saved_model.pb',
    weights: ['float32'],
    fixedBatch: false,
    runtime: 'tensorflow',
  },
  {
    format: 'tflite',
    title: 'TensorFlow Lite',
    purpose: 'Android, iOS, microcontrollers: LiteRT and the Task Library, labels inside.',
    file: 'model.tflite',
    weights: ['float32', 'float16', 'int8', 'full-int8'],
    fixedBatch: true,
    runtime: null,
  },
  {
    format: 'onnx',
    title: 'ONNX',
    purpose: 'ONNX Runtime everywhere: C#, C++, Java, Python, Windows ML.',
    file: 'model.onnx',
    weights: ['float32', 'float16', 'int8'],
    fixedBatch: false,
    runtime: 'onnxruntime',
  },
  {
    format: 'keras-project',
    title: 'Keras project',
    purpose: 'A small Python project that repeats this training, on several GPUs or machines.',
    file: 'train.py',
    weights: ['float32'],
    fixedBatch: false,
    runtime: null,
  },
];

export function factsOf(format: ExportFormat): ExportFormatFacts {
  const facts = exportFormatFacts.find((one) => one.format === format);
  if (facts === undefined) throw new Error(`Unknown export format ${format}`);
  return facts;
}

/** One golden image: what the studio says of it and what the export says. Probabilities are in the classes' order. */
export interface GoldenRow {
  /** The file's name in `golden/`. */
  readonly image: string;
  /** Where it came from in the dataset; null for a made-up image. */
  readonly source: string | null;
  /** Its true class; null for a made-up image. */
  readonly label: string | null;
  readonly probabilities: readonly number[];
  /** What the exported model gave; null where no runtime of the format is inside Thaw. */
  readonly exported: readonly number[] | null;
}

/** What `thaw export --json` prints for one format. Field names are part of the contract. */
export interface ExportResult {
  readonly format: ExportFormat;
  readonly weights: WeightType;
  readonly batch: ExportOptions['batch'];
  /** Absolute. */
  readonly directory: string;
  /** Paths in the folder, with forward slashes, sorted. */
  readonly files: readonly string[];
  /** Size of the model itself, without page, examples and golden images. */
  readonly modelBytes: number;
  readonly classes: readonly string[];
  readonly verified: {
    /** What ran the export, with its version; null: not verified here, verify.py in the folder does it. */
    readonly runtime: string | null;
    readonly images: number;
    /** Largest difference of a probability from the studio's; null when nothing was compared. */
    readonly maxAbsDifference: number | null;
    /** Share of images with the studio's label; null when nothing was compared. */
    readonly labelAgreement: number | null;
    /** What had to be met; null when only the labels count (8-bit weights). */
    readonly tolerance: number | null;
  };
  /** Share of validation images classified rightly before and after quantising; null where that was not asked for. */
  readonly accuracy: { readonly images: number; readonly before: number; readonly after: number } | null;
  readonly golden: readonly GoldenRow[];
  /** The example's code. */
  readonly snippet: { readonly language: string; readonly file: string; readonly code: string };
  readonly notices: readonly string[];
}
