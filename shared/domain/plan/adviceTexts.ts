import type { Advice } from './advice.ts';

/** Why a plan may be unwise, what to do, and where to read about it; in English. */
export interface AdviceText {
  readonly title: string;
  readonly reason: string;
  readonly source: { readonly name: string; readonly url: string };
}

const yosinski = {
  name: 'Yosinski et al. 2014, How transferable are features in deep neural networks?',
  url: 'https://arxiv.org/abs/1411.1792',
};

/** The text of a piece of advice. */
export function adviceText(advice: Advice): AdviceText {
  switch (advice.kind) {
    case 'everything-on-few':
      return {
        title: `Everything is thawed on ${count(advice.images)} images`,
        reason:
          'So few images change every layer into a memory of themselves: accuracy on new images falls. Thaw the last blocks only, or add images.',
        source: yosinski,
      };
    case 'many-parameters':
      return {
        title: `${count(advice.parameters)} weights train on ${count(advice.images)} images`,
        reason:
          'The images cannot decide so many weights, which drift from what pretraining taught them. Thaw less, hold them with L2-SP (--l2sp), or augment.',
        source: {
          name: 'Li, Grandvalet and Davoine 2018, Explicit inductive bias for transfer learning',
          url: 'https://arxiv.org/abs/1802.01483',
        },
      };
    case 'island':
      return {
        title: `${advice.block} is thawed below ${advice.frozen}, which is frozen`,
        reason:
          'Frozen layers behind a thawed one were trained for its old outputs and cannot follow it; the gradient still has to be computed through them. Thaw from there to the output.',
        source: yosinski,
      };
    case 'half-thawed-norm':
      return {
        title: `${advice.block} is half thawed: ${advice.layers === 1 ? 'a batch normalisation stays' : `${advice.layers} batch normalisations stay`} frozen`,
        reason:
          'Its convolutions change while scale and shift of the normalisation behind them stay as they were. Thaw the block as a whole, or none of it.',
        source: {
          name: 'Keras guide: Transfer learning and fine-tuning, on BatchNormalization',
          url: 'https://keras.io/guides/transfer_learning/',
        },
      };
    case 'small-batch-norm':
      return {
        title: `Batch normalisation is to learn from ${advice.batchSize} images a step`,
        reason:
          'Statistics of so small a batch are mostly noise. Use stored statistics (--batch-norm inference) or larger batches.',
        source: { name: 'Wu and He 2018, Group normalization', url: 'https://arxiv.org/abs/1803.08494' },
      };
    case 'high-rate':
      return {
        title: `Thawed layers train at a learning rate of ${advice.learningRate}`,
        reason:
          'That is a rate for new layers: it wipes out what pretraining taught within a few steps. A tenth to a hundredth of it is usual.',
        source: {
          name: 'Howard and Ruder 2018, Universal language model fine-tuning',
          url: 'https://arxiv.org/abs/1801.06146',
        },
      };
    case 'untrained-head':
      return {
        title: 'Thawed layers train together with a new head',
        reason:
          'The random head sends random gradients into pretrained layers and distorts them. Train the head first: give fine-tuning epochs of its own.',
        source: {
          name: 'Kumar et al. 2022, Fine-tuning can distort pretrained features',
          url: 'https://arxiv.org/abs/2202.10054',
        },
      };
  }
}

/** One line for a terminal or a log. */
export function adviceLine(advice: Advice): string {
  const { title, reason, source } = adviceText(advice);
  return `${title}. ${reason} (${source.name}, ${source.url})`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
