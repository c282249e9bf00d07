import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { LayerSpec } from '../../structure/buildNetwork.ts';
import type { Weights } from '../../weights/weights.ts';
import { weightKey } from '../../weights/weights.ts';
import { fromKeras1, isKeras1, turnsKernel } from './keras1.ts';
import { fromKeras3 } from './keras3.ts';
import { asOurs } from './otherNames.ts';
import type { Operation } from './operations.ts';
import type { RawConfigObject, RawLayer } from './rawModel.ts';
import { configOf, nameOf, unusable } from './rawModel.ts';

/** Where a layer was in the model it came from. */
export interface LayerOrigin {
  /** Its name, behind those of the models around it. */
  readonly path: readonly string[];
  /** Where a `.weights.h5` keeps it, e.g. `layers/functional/layers/conv2d_3`. */
  readonly storePath: string;
  /** Keras's `trainable` as saved; it decides the order of a nested model's weights in a legacy `.h5`. */
  readonly trainable: boolean;
  /** Whether the file keeps the last two axes of its kernel the other way round. */
  readonly turnsKernel: boolean;
}

/** The largest of Keras Applications has some 1,040 layers. */
const mostLayers = 10_000;
const mostModels = 2_000;

/** Augmentation and noise: without effect where a model is used. (Keras 2's RandomCrop resizes there.) */
const withoutEffect =
  /^(Random(?!Crop)[A-Z]\w*|RandAugment|AugMix|MixUp|CutMix|Gaussian(Noise|Dropout)|AlphaDropout|ActivityRegularization)$/;

/** The layers of a model as they are collected, each with a name of its own. */
export class Leaves {
  readonly specs: LayerSpec[] = [];
  readonly origins = new Map<string, LayerOrigin>();
  readonly constants: Weights = new Map();
  readonly notices: string[] = [];
  readonly #taken = new Set<string>();
  readonly #reserved = new Set<string>();
  readonly #owners = new Map<string, string>();
  #models = 0;

  constructor(
    readonly source: string,
    readonly keras3: boolean,
  ) {}

  /** Keeps the names of the outermost model's layers for them, so that they stay what the user called them. */
  reserve(layers: readonly RawLayer[]): void {
    for (const layer of layers) this.#reserved.add(nameOf(layer) ?? '');
  }

  /** Counts one flattening of a model; false when there are more than any network has. */
  countModel(): boolean {
    this.#models += 1;
    return this.#models <= mostModels;
  }

  /** The image's layer. */
  addInput(name: string, config: RawConfigObject): Result<string> {
    const plain = fromKeras3('InputLayer', config, this.keras3);
    return this.#push({ name, className: 'InputLayer', config: plain, inputs: [] }, []);
  }

  /**
   * Adds one call of a layer and answers the name of what gives its value: the layer, or its input where the layer
   * has no effect.
   */
  addLayer(
    layer: RawLayer,
    inputs: readonly string[],
    path: readonly string[],
    storePath: string,
  ): Result<string> {
    const name = nameOf(layer);
    if (name === undefined) return unusable(this.source, `a ${layer.class_name} layer has no name`);
    if (layer.class_name === 'Lambda') return refuseLambda(name, this.source);
    const [onlyInput] = inputs;
    const passes = withoutEffect.test(layer.class_name) || (layer.class_name === 'RandomCrop' && this.keras3);
    if (passes && onlyInput !== undefined && inputs.length === 1) {
      this.notices.push(
        `Layer "${name}" (${layer.class_name}) only acts in Keras's training and is left out.`,
      );
      return ok(onlyInput);
    }
    if (layer.class_name === 'Identity' && onlyInput !== undefined) return ok(onlyInput);
    const raw = configOf(layer);
    const old = isKeras1(layer.class_name, raw) ? fromKeras1(layer.class_name, raw) : null;
    const { className, config } = asOurs(
      old?.className ?? layer.class_name,
      fromKeras3(old?.className ?? layer.class_name, old?.config ?? raw, this.keras3),
    );
    const full = [...path, name];
    const owner = this.#owners.get(full.join('/'));
    const added = this.#push({ name, className, config, inputs }, path, owner);
    if (!added.ok || owner !== undefined) return added;
    this.#owners.set(full.join('/'), added.value);
    const trainable = config['trainable'] !== false;
    const turned = turnsKernel(layer.class_name);
    this.origins.set(added.value, { path: full, storePath, trainable, turnsKernel: turned });
    return added;
  }

  /** Adds the layer an operation between layers became. */
  addOperation(
    name: string,
    operation: Extract<Operation, { kind: 'layer' }>,
    inputs: readonly string[],
    path: readonly string[],
  ): Result<string> {
    const { className, config, constants } = operation;
    const added = this.#push({ name, className, config: { ...config, name }, inputs }, path);
    if (!added.ok) return added;
    for (const [weight, value] of Object.entries(constants ?? {}))
      this.constants.set(weightKey(added.value, weight), value);
    return added;
  }

  #push(spec: LayerSpec, path: readonly string[], owner?: string): Result<string> {
    if (this.specs.length >= mostLayers)
      return err(
        thawError('input-refused', `${this.source} unfolds to more layers than any network has.`, {
          expected: `at most ${mostLayers}`,
        }),
      );
    const name = this.#freeName(spec.name, path, owner);
    const shared = owner === undefined ? {} : { sharedWith: owner };
    this.specs.push({ ...spec, name, config: { ...spec.config, name }, ...shared });
    return ok(name);
  }

  #freeName(wanted: string, path: readonly string[], owner: string | undefined): string {
    const nested = path.length > 0;
    const clashes = this.#taken.has(wanted) || (nested && this.#reserved.has(wanted));
    const base = owner ?? (nested && clashes ? `${path.join('_')}_${wanted}` : wanted);
    let name = base;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${base}_call_${count}`;
    this.#taken.add(name);
    return name;
  }
}

function refuseLambda(name: string, source: string): Result<never> {
  return err(
    thawError('input-refused', `Layer "${name}" of ${source} is a Lambda layer: it holds program code.`, {
      expected: 'layers that are described by their settings',
      found: 'Lambda, whose code Thaw does not run, because a file that runs code can do anything',
      remedy:
        'Replace it in Keras by a layer (Rescaling for scaling, Activation for a function) and save again, or use the model frozen: export it to ONNX or to a TensorFlow.js GraphModel.',
    }),
  );
}
