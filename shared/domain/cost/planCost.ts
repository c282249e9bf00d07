/** What a freeze plan costs, before anything is trained. */

/** A layer as a model report tells of it. Counts are for one image. */
export interface PlanLayer {
  readonly name: string;
  readonly inputs: readonly string[];
  /** Without the batch dimension. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
  /** Parameters that training changes when the layer is thawed. */
  readonly trainable: number;
  readonly multiplyAdds: number;
}

export interface PlanCost {
  /** The first trained layer, or null when nothing trains. */
  readonly cut: string | null;
  readonly trainable: number;
  /** Forward, for one image: of the layers before the cut, and from the cut on. */
  readonly multiplyAdds: { readonly prefix: number; readonly suffix: number };
  /** Values an image has at the cut: what is cached of it. */
  readonly featureValues: number;
  /** Memory while training, float32. */
  readonly bytes: {
    readonly weights: number;
    /** Gradients and what the optimizer keeps. */
    readonly optimizer: number;
    /** Outputs of the trained part that are kept for the gradient, for one batch. */
    readonly activations: number;
  };
}

const bytesPerValue = 4;
/** Adam's two moments. */
const usualSlots = 2;

/**
 * The cost of training `thawed`. Everything before the first trained layer is computed once for each image; from there on
 * every layer is computed, and its output kept for the gradient, in every step.
 * @param layers in topological order, the head included. @param slots see `optimizerSlots`; Adam's when not told.
 */
export function planCost(
  layers: readonly PlanLayer[],
  thawed: ReadonlySet<string>,
  batchSize: number,
  slots: number = usualSlots,
): PlanCost {
  const first = layers.findIndex(({ name, parameters }) => thawed.has(name) && parameters > 0);
  const cut = first < 0 ? layers.length : first;
  const prefix = layers.slice(0, cut);
  const suffix = layers.slice(cut);
  const read = new Set(suffix.flatMap(({ inputs }) => inputs));
  const trainable = sum(suffix, (layer) => (thawed.has(layer.name) ? layer.trainable : 0));
  return {
    cut: layers[cut]?.name ?? null,
    trainable,
    multiplyAdds: {
      prefix: sum(prefix, (layer) => layer.multiplyAdds),
      suffix: sum(suffix, (layer) => layer.multiplyAdds),
    },
    featureValues: sum(prefix, (layer) => (read.has(layer.name) ? size(layer) : 0)),
    bytes: {
      weights: bytesPerValue * sum(layers, (layer) => layer.parameters),
      optimizer: bytesPerValue * (1 + slots) * trainable,
      activations: bytesPerValue * batchSize * sum(suffix, size),
    },
  };
}

/** All of a cost's memory: what training adds to the program itself. */
export function totalBytes({ bytes }: PlanCost): number {
  return bytes.weights + bytes.optimizer + bytes.activations;
}

/** The head as one more layer behind a network without classifier: a dense layer on its pooled features. */
export function withHead(layers: readonly PlanLayer[], head: string, classes: number): PlanLayer[] {
  const last = layers.at(-1);
  if (last === undefined) return [];
  const features = last.outputShape.at(-1) ?? 0;
  const parameters = (features + 1) * classes;
  return [
    ...layers,
    {
      name: head,
      inputs: [last.name],
      outputShape: [classes],
      parameters,
      trainable: parameters,
      multiplyAdds: features * classes,
    },
  ];
}

function size({ outputShape }: PlanLayer): number {
  return outputShape.reduce((product, length) => product * length, 1);
}

function sum(layers: readonly PlanLayer[], value: (layer: PlanLayer) => number): number {
  return layers.reduce((total, layer) => total + value(layer), 0);
}
