import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ok } from '../../../../shared/result.ts';
import { onnxOpset, sizeOf, writeOnnx } from '../../network/index.ts';
import { openOnnxSession } from '../../runtime/onnx/session.ts';
import { onnxOnGraph } from '../common/onnxGraph.ts';
import { onnxExamples } from '../examples/onnxExamples.ts';
import type { Exporter } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';

const fileName = 'model.onnx';
const require = createRequire(import.meta.url);

/**
 * ONNX: input `image` float32 [N, height, width, 3] of 0–255, output `probabilities`. float16 and int8 are storage: the
 * runtime turns weights into float32 when it loads them.
 */
export const onnxExporter: Exporter = {
  format: 'onnx',
  async write({ model }, { weights }, folder) {
    if (model.graphLocation !== null) {
      const joined = await onnxOnGraph(model, model.graphLocation);
      if (!joined.ok) return joined;
      await writeFileAtomic(path.join(folder, fileName), Buffer.from(joined.value.bytes));
      return ok({ ...nothingMore, facts: { opset: `${joined.value.opset}` } });
    }
    const { network } = model;
    const written = writeOnnx(network, model.weights, {
      outputs: [network.output],
      outputNames: ['probabilities'],
      preprocess: model.info.preprocess,
      inputType: 'float32',
      storage: weights === 'float16' || weights === 'int8' ? weights : 'float32',
    });
    if (!written.ok) return written;
    await writeFileAtomic(path.join(folder, fileName), Buffer.from(written.value));
    return ok({ ...nothingMore, facts: { opset: `${onnxOpset}` } });
  },
  async open(folder, imageSize) {
    const model = await readFile(path.join(folder, fileName));
    const opened = await openOnnxSession(new Uint8Array(model), { threads: 1 });
    if (!opened.ok) return opened;
    const session = opened.value;
    const { version } = require('onnxruntime-node/package.json') as { version: string };
    return ok({
      runtime: `onnxruntime ${version}`,
      async run(pixels, count) {
        const shape = [count, imageSize, imageSize, 3];
        if (pixels.length !== sizeOf(shape)) throw new Error('The pixels are not of the model’s size');
        const outputs = await session.run({ image: { shape, data: Float32Array.from(pixels) } });
        const values = outputs['probabilities'];
        if (values === undefined) throw new Error('ONNX Runtime gave no probabilities');
        return values.data;
      },
      dispose: () => session.dispose(),
    });
  },
  examples: onnxExamples,
};
