import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ok } from '../../../../shared/result.ts';
import { kerasExamples } from '../examples/kerasExamples.ts';
import type { Exporter } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import { h5File } from '../keras/files.ts';
import { standardize } from '../keras/standardize.ts';

/** Keras's HDF5 form, read by Keras 2 and 3 without custom objects. Training goes on from it. */
export const h5Exporter: Exporter = {
  format: 'h5',
  async write({ model }, _, folder) {
    const standard = standardize(model.network, model.weights, model.info.preprocess, 'keras');
    if (!standard.ok) return standard;
    await writeFileAtomic(path.join(folder, 'model.h5'), Buffer.from(await h5File(standard.value)));
    return ok(nothingMore);
  },
  open: null,
  examples: (facts) => kerasExamples(facts, 'model.h5'),
};
