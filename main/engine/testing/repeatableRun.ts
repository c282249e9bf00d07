import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import type { DecodeTarget } from '../dataset/index.ts';
import { createDecoder } from '../dataset/index.ts';
import { quietContext } from '../jobs/context.ts';
import { createRandom, writeLayersModel } from '../network/index.ts';
import { prepareTraining } from '../operations/training/prepare/prepareTraining.ts';
import type { Side } from '../operations/training/prepare/trainingData.ts';
import { must } from './must.ts';

/**
 * Writes all that chance or a filter decides in a run, for another program to repeat (scripts/judges/repeat_run.py):
 * `model/`, the network with the head's first weights; `train.bin` and `val.bin`, the pixels [count, height, width, 3]
 * as bytes; `run.json`, their labels and files, the phases, and the order of the images in every epoch. For runs
 * without augmentation, dropout and mixing.
 */
export async function writeRepeatable(settings: TrainSettings, folder: string): Promise<void> {
  const prepared = must(await prepareTraining(settings, quietContext()));
  const { network, phases, dataset } = prepared;
  const [height, width] = network.network.inputShape;
  const target = { width, height, resize: settings.resize };
  await mkdir(folder, { recursive: true });
  await writeLayersModel(network.network, network.weights, path.join(folder, 'model'));
  const sides = { train: prepared.train, val: prepared.validation };
  for (const [name, side] of Object.entries(sides))
    await writeFile(path.join(folder, `${name}.bin`), await pixelsOf(side, target));
  const epochs = phases.reduce((sum, phase) => sum + phase.epochs, 0);
  const indices = [...prepared.train.images.keys()];
  const run = {
    size: [height, width],
    batchSize: settings.batchSize,
    preprocess: network.preprocess,
    files: { train: pathsOf(sides.train), val: pathsOf(sides.val) },
    labels: { train: labelsOf(sides.train, dataset.classes), val: labelsOf(sides.val, dataset.classes) },
    phases: phases.map(({ name, epochs: count, learningRate, plan }) => ({
      name,
      epochs: count,
      learningRate,
      trainable: plan.trainable,
    })),
    orders: Array.from({ length: epochs }, (_, epoch) =>
      createRandom(settings.seed, `shuffle/${epoch + 1}`).shuffle(indices),
    ),
  };
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(run));
  await prepared.close();
}

async function pixelsOf({ source, images }: Side, target: DecodeTarget): Promise<Buffer> {
  const decoder = createDecoder();
  const pixels: Uint8Array[] = [];
  for await (const one of decoder.decode(source, images, target)) pixels[one.index] = must(one.pixels);
  await decoder.close();
  return Buffer.concat(pixels);
}

function pathsOf({ images }: Side): string[] {
  return images.map((image) => image.path);
}

function labelsOf({ images }: Side, classes: readonly string[]): number[] {
  return images.map(({ label }) => classes.indexOf(label));
}
