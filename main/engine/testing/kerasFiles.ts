import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JudgeEnvironment } from './judge.ts';
import { runJudge } from './judge.ts';

/** What Keras says is in the files it wrote. */
export interface KerasModel {
  /** Each layer's weights in Keras's order, by the layer's name. */
  readonly weights: Readonly<
    Record<string, readonly { readonly shape: number[]; readonly data: number[] }[]>
  >;
  readonly input: number[];
  readonly output: number[];
}

export interface KerasFiles {
  readonly model: KerasModel;
  /** The path of `model.h5`, `model.keras`, `model.weights.h5`, or (Keras 2 only) `weights.h5`. */
  file(name: string): string;
}

/** Files of small models as Keras 2.15 (`judges`) or Keras 3 (`judges-keras3`) writes them; see keras_files.py. */
export async function writeKerasFiles(
  models: readonly string[],
  environment: JudgeEnvironment,
): Promise<(model: string) => KerasFiles> {
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-keras-'));
  const printed = await runJudge('keras_files.py', [folder, ...models], environment);
  const described = JSON.parse(printed.slice(printed.lastIndexOf('\n{') + 1)) as Record<string, KerasModel>;
  return (name) => {
    const model = described[name];
    if (model === undefined) throw new Error(`The judge described no ${name}`);
    return { model, file: (file) => path.join(folder, name, file) };
  };
}
