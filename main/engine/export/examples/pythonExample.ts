import type { ResizePolicy } from '../../../../shared/domain/dataset.ts';
import type { ExampleFacts, ExampleFile } from '../exporter.ts';

/** What differs from format to format in the Python example. */
export interface PythonParts {
  readonly file: 'example.py' | 'verify.py';
  /** The model's name, and what to install. */
  readonly model: string;
  readonly packages: string;
  readonly imports: readonly string[];
  /** Statements that load the model, and then `def probabilities(images)` from [n, size, size, 3] float32. */
  readonly body: string;
}

/**
 * A Python program of one page: it loads the model in its own runtime, compares the golden images, and classifies
 * images named on its command line, resized as in the studio.
 */
export function pythonExample(parts: PythonParts, facts: ExampleFacts): ExampleFile {
  return {
    path: parts.file,
    text: `"""Runs ${parts.model}: python ${parts.file} [IMAGE ...]

Without images it compares the model with the golden images. Needs: pip install ${parts.packages}
"""
import json
import sys
from pathlib import Path

${parts.imports.join('\n')}

HERE = Path(__file__).resolve().parent
LABELS = (HERE / "labels.txt").read_text(encoding="utf-8").splitlines()
SIZE = ${facts.imageSize}

${parts.body.trim()}


def load(path):
    """An image as the studio sees it: [size, size, 3], RGB, 0-255."""
    image = ImageOps.exif_transpose(Image.open(path))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    image = image.convert("RGB")
${resizeCode[facts.resize]}
    return np.asarray(image, np.float32)


if len(sys.argv) > 1:
    for name in sys.argv[1:]:
        values = probabilities(load(name)[None])[0]
        best = int(np.argmax(values))
        print(f"{name}: {LABELS[best]} {values[best]:.1%}")
else:
    golden = json.loads((HERE / "golden" / "golden.json").read_text(encoding="utf-8"))
    images = np.stack([load(HERE / "golden" / row["image"]) for row in golden])
    expected = np.array([row["probabilities"] for row in golden])
    values = np.concatenate([probabilities(image[None]) for image in images])
    worst = float(np.abs(values - expected).max())
    agree = float((values.argmax(1) == expected.argmax(1)).mean())
    print(json.dumps({"images": len(golden), "maxAbsDifference": worst, "labelAgreement": agree}))
    if not worst <= ${facts.tolerance}:
        sys.exit(f"The model does not give the studio's answers: {worst} is more than ${facts.tolerance}.")
`,
  };
}

const resizeCode: Readonly<Record<ResizePolicy, string>> = {
  squash: '    image = image.resize((SIZE, SIZE), Image.Resampling.BILINEAR)',
  crop: `    if image.size != (SIZE, SIZE):
        scale = SIZE / min(image.size)
        width, height = (min(round(SIZE / scale), side) for side in image.size)
        left, top = (image.width - width) // 2, (image.height - height) // 2
        image = image.crop((left, top, left + width, top + height))
        image = image.resize((SIZE, SIZE), Image.Resampling.BILINEAR)`,
  pad: `    if image.size != (SIZE, SIZE):
        scale = SIZE / max(image.size)
        width, height = (max(1, min(round(side * scale), SIZE)) for side in image.size)
        square = Image.new("RGB", (SIZE, SIZE))
        image = image.resize((width, height), Image.Resampling.BILINEAR)
        square.paste(image, ((SIZE - width) // 2, (SIZE - height) // 2))
        image = square`,
};

/** The imports every example needs. */
export const commonImports = ['import numpy as np', 'from PIL import Image, ImageOps'] as const;
