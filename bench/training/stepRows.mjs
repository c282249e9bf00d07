/** Rows about single steps: how long they take, how much memory, and how long the first one is in coming. */
import { median } from '../support.mjs';
import { prepareModel, thawScript } from './sides.mjs';

/** Seconds of a step, processor seconds, and peak memory, everything thawed. */
export function steps(name, title, { modelOf, models, batch = 32, count = 12, batchNorms = ['inference'] }) {
  const made = {};
  for (const batchNorm of batchNorms) {
    const how = batchNorms.length > 1 ? `, batch norm: ${batchNorm}` : '';
    const both = (context, repetition) =>
      bothSteps(context.keras, modelOf(context), { batchNorm, count, batch, repetition });
    const row = name + (batchNorm === 'update' ? '-update' : '');
    made[row] = {
      title: `fine-tune everything, a step of ${batch} images (${title}${how})`,
      unit: 's',
      target: 1,
      models,
      once(context, repetition) {
        const { ours, theirs } = both(context, repetition);
        return { thaw: median(ours.seconds), keras: median(theirs.seconds) };
      },
    };
    made[`${row}-cpu`] = {
      title: 'the same: processor seconds over all cores, which other work on the machine changes little',
      unit: 's',
      target: null,
      models,
      once(context, repetition) {
        const { ours, theirs } = both(context, repetition);
        return { thaw: median(ours.cpuSeconds), keras: median(theirs.cpuSeconds) };
      },
    };
    made[`${row}-memory`] = {
      title: `the same: peak memory of the process`,
      unit: 'MB',
      target: 1.3,
      models,
      once(context, repetition) {
        const { ours, theirs } = both(context, repetition);
        return { thaw: ours.peakBytes / 1e6, keras: theirs.peakBytes / 1e6 };
      },
    };
  }
  return made;
}

/** Seconds from the weights to the end of the first step: recording and loading the graph beside tracing it. */
export function opening(name, architecture) {
  const both = ({ keras }, repetition) =>
    bothSteps(keras, architecture, { batchNorm: 'inference', count: 5, batch: 32, repetition });
  return {
    [name]: {
      title: `weights to the end of the first step, all of ${architecture} thawed; Keras: the first call of its \`tf.function\``,
      unit: 's',
      target: 1,
      models: built,
      once(context, repetition) {
        const { ours, theirs } = both(context, repetition);
        return { thaw: ours.openSeconds + ours.firstSeconds, keras: theirs.firstSeconds };
      },
    },
    [`${name}-cpu`]: {
      title: 'the same: processor seconds',
      unit: 's',
      target: null,
      models: built,
      once(context, repetition) {
        const { ours, theirs } = both(context, repetition);
        return { thaw: ours.openCpuSeconds + ours.firstCpuSeconds, keras: theirs.firstCpuSeconds };
      },
    },
  };
}

const built = 'the architectures named, with random weights';

const passed = new Map();

/** The two sides' passes of a repetition: the rows that read them differently share them. */
function bothSteps(keras, model, { batchNorm, count, batch, repetition }) {
  const key = [model, batchNorm, count, batch, repetition].join();
  const known = passed.get(key);
  if (known !== undefined) return known;
  const ours = thawScript('thawStep', [model, 1, batchNorm, count, 'compiled', batch]);
  const theirs = keras('keras_step.py', [prepareModel(model).folder, 1, batchNorm, count, batch]);
  passed.set(key, { ours, theirs });
  return { ours, theirs };
}

/** Architectures with random weights, at the batch a machine of this kind has time for. */
export function architectureSteps() {
  const batchNorms = ['inference', 'update'];
  const batches = { 'efficientnet-b0': 32, resnet50: 8, 'mobilenet-v3-small': 32, densenet121: 8 };
  return Object.assign(
    {},
    ...Object.entries(batches).map(([name, batch]) =>
      steps(`step-${name}`, name, { modelOf: () => name, models: built, batch, count: 5, batchNorms }),
    ),
  );
}
