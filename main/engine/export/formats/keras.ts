import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ok } from '../../../../shared/result.ts';
import { kerasExamples } from '../examples/kerasExamples.ts';
import type { Exporter } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import { kerasArchive } from '../keras/files.ts';
import { standardize } from '../keras/standardize.ts';

/** The .keras archive, read by Keras 2.15 and 3 without custom objects. Training goes on from it. */
export const kerasExporter: Exporter = {
  format: 'keras',
  async write({ model }, _, folder) {
    const standard = standardize(model.network, model.weights, model.info.preprocess, 'keras');
    if (!standard.ok) return standard;
    const archive = await kerasArchive(standard.value);
    await writeFileAtomic(path.join(folder, 'model.keras'), archive);
    return ok(nothingMore);
  },
  open: null,
  examples: (facts) => kerasExamples(facts, 'model.keras'),
};
