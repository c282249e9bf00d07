import type { Layer, Network } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { thawError } from '../../../../shared/errors.ts';
import { groupIntoBlocks } from '../blocks/blocks.ts';
import type { RawConfig, Shape } from '../layers/layerKind.ts';
import { layerKindOf, supportedClasses } from '../layers/registry.ts';
import { topologicalOrder } from './topologicalOrder.ts';
import { sizeOf } from '../weights/weights.ts';

/** A layer before its shapes are known. */
export interface LayerSpec {
  readonly name: string;
  readonly className: string;
  readonly config: RawConfig;
  readonly inputs: readonly string[];
  /** The layer whose weights it uses (see Layer). */
  readonly sharedWith?: string;
}

/**
 * Makes a network of layers in any order: keeps what the output needs, orders it, infers shapes and weights,
 * groups it into blocks.
 * @param source what to name in errors, usually the file the layers were read from.
 */
export function buildNetwork(
  name: string,
  specs: readonly LayerSpec[],
  output: string,
  source: string = name,
): Result<Network> {
  const ordered = topologicalOrder(specs, output, source);
  if (!ordered.ok) return ordered;
  const shapes = new Map<string, Shape>();
  const layers: Omit<Layer, 'block'>[] = [];
  const owners = new Map<string, Omit<Layer, 'block'>>();
  for (const spec of ordered.value) {
    const inferred = inferLayer(spec, shapes, source);
    if (!inferred.ok) return inferred;
    const layer = withoutOwnWeights(inferred.value, owners, source);
    if (!layer.ok) return layer;
    shapes.set(spec.name, layer.value.outputShape);
    owners.set(spec.name, inferred.value);
    layers.push(layer.value);
  }
  const inputShape = inputShapeOf(layers, source);
  if (!inputShape.ok) return inputShape;
  const { blockOf, blocks } = groupIntoBlocks(layers);
  return ok({
    name,
    layers: layers.map((layer) => ({ ...layer, block: blockOf.get(layer.name) ?? 'top' })),
    output,
    inputShape: inputShape.value,
    blocks,
  });
}

/** The specs a network was made of, for making another of them. */
export function specsOf(network: Network): LayerSpec[] {
  return network.layers.map(({ name, className, config, inputs, sharedWith }) => ({
    name,
    className,
    config,
    inputs,
    ...(sharedWith === undefined ? {} : { sharedWith }),
  }));
}

/** The same specs with another square image at the input. */
export function withImageSize(specs: readonly LayerSpec[], size: number): LayerSpec[] {
  return specs.map((spec) => {
    const { batch_input_shape: shape } = spec.config;
    if (spec.className !== 'InputLayer' || !Array.isArray(shape)) return spec;
    return { ...spec, config: { ...spec.config, batch_input_shape: [null, size, size, shape[3] ?? 3] } };
  });
}

function inferLayer(
  spec: LayerSpec,
  shapes: ReadonlyMap<string, Shape>,
  source: string,
): Result<Omit<Layer, 'block'>> {
  const kind = layerKindOf(spec.className);
  if (kind === undefined) {
    return err(
      thawError(
        'engine-unsupported',
        `Layer "${spec.name}" of ${source} is of class ${spec.className}, which Thaw does not compute.`,
        {
          expected: supportedClasses.join(', '),
          found: spec.className,
          remedy:
            'Use a backbone made of these classes, or use this one frozen: export it to ONNX or to a TensorFlow.js GraphModel.',
        },
      ),
    );
  }
  const inputs = spec.inputs.map((input) => shapes.get(input) ?? []);
  const inference = kind.infer(spec.config, inputs);
  if (!inference.ok) {
    return err(
      thawError(
        'engine-unsupported',
        `Layer "${spec.name}" (${spec.className}) of ${source} cannot be used: ${inference.error}.`,
      ),
    );
  }
  const { outputShape, weights } = inference.value;
  const parameters = weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
  return ok({ ...spec, outputShape, weights, parameters });
}

/** A layer that uses another's weights has none of its own; they must be those it would have. */
function withoutOwnWeights(
  layer: Omit<Layer, 'block'>,
  before: ReadonlyMap<string, Omit<Layer, 'block'>>,
  source: string,
): Result<Omit<Layer, 'block'>> {
  const { sharedWith, ...own } = layer;
  if (sharedWith === undefined || layer.weights.length === 0) return ok(own);
  const owner = before.get(sharedWith);
  const shapes = (one: Omit<Layer, 'block'>): string =>
    one.weights.map(({ shape }) => shape.join()).join(';');
  if (owner !== undefined && shapes(owner) === shapes(layer))
    return ok({ ...layer, weights: [], parameters: 0 });
  return err(
    thawError(
      'engine-unsupported',
      `Layer "${layer.name}" of ${source} shares its weights with "${sharedWith}", which ${owner === undefined ? 'does not come before it' : 'has others'}.`,
    ),
  );
}

function inputShapeOf(
  layers: readonly Omit<Layer, 'block'>[],
  source: string,
): Result<readonly [number, number, number]> {
  const inputs = layers.filter((layer) => layer.className === 'InputLayer');
  const [height, width, channels] = inputs[0]?.outputShape ?? [];
  if (inputs.length !== 1 || height === undefined || width === undefined || channels !== 3) {
    return err(
      thawError('engine-unsupported', `${source} does not take one RGB image.`, {
        expected: 'one input of [height, width, 3]',
        found: inputs.map((layer) => `[${layer.outputShape.join(', ')}]`).join(' and ') || 'no input',
      }),
    );
  }
  return ok([height, width, channels]);
}
