import path from 'node:path';
import type { Preprocess } from '../../../../shared/domain/network.ts';
import type { ImportedNetwork } from '../importNetwork.ts';

/** How pixels are scaled for a model, and what the user is told of it. */
export interface PreprocessChoice {
  readonly preprocess: Preprocess;
  /** What was assumed, since neither the user nor the model tells; null when one does. */
  readonly notice: string | null;
}

const meanings: Readonly<Record<Preprocess, string>> = {
  tf: '−1 to 1',
  torch: '0 to 1, less the mean and over the deviation of ImageNet',
  caffe: '0 to 255, blue first, less the mean of ImageNet',
  unit: '0 to 1',
  none: '0 to 255',
};

/**
 * What the user names, else what the model tells, else what is usual for its kind, with a notice.
 * @param name what the user calls the model.
 */
export function choosePreprocess(
  wanted: Preprocess | null,
  imported: ImportedNetwork,
  name: string,
): PreprocessChoice {
  const known = wanted ?? imported.preprocess;
  if (known !== null) return { preprocess: known, notice: null };
  const preprocess = imported.kind === 'graph' ? imported.usualPreprocess : 'tf';
  const notice = `How ${path.basename(name)} wants its pixels scaled is not known; "${preprocess}" (${meanings[preprocess]}) is assumed. Name it with --preprocess.`;
  return { preprocess, notice };
}
