import type { Layer } from '../../../../shared/domain/network.ts';

type BareLayer = Omit<Layer, 'block'>;

const merges = new Set([
  'Add',
  'Concatenate',
  'CustomScaleLayer',
  'Multiply',
  'Average',
  'Maximum',
  'Minimum',
  'Subtract',
]);
/** Inception's names for what closes a block: mixed7, mixed_6a, block35_3_mixed. */
const closing = /^(mixed_?\d+[a-z]?|block\d+_\d+)(?:_mixed|_ac)?$/;
const pools = new Set(['MaxPooling2D', 'AveragePooling2D']);
const convolutions = new Set(['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose']);
const activations = new Set(['ReLU', 'Activation', 'LeakyReLU', 'ELU', 'PReLU']);

/** Block names by position, from the shape of the graph alone. */
export function blocksByStructure(layers: readonly BareLayer[]): string[] {
  const units = joinFollowers(splitAtBottlenecks(layers));
  const bottlenecks = units.slice(0, -1).some(isLinear);
  const groups: BareLayer[][] = [];
  let group: BareLayer[] = [];
  const close = (): void => {
    if (group.length > 0) groups.push(group);
    group = [];
  };
  for (const unit of units) {
    if (!bottlenecks && startsStrided(unit) && group.some((layer) => layer.weights.length > 0)) close();
    group.push(...unit);
    if (endsBlock(unit)) close();
  }
  close();
  return nameGroups(groups);
}

/** Runs of layers between points where a single tensor leads on, so that branches are never torn apart. */
function splitAtBottlenecks(layers: readonly BareLayer[]): BareLayer[][] {
  const lastReader = new Map<string, number>();
  for (const [index, layer] of layers.entries())
    for (const input of layer.inputs) lastReader.set(input, index);
  const segments: BareLayer[][] = [];
  let segment: BareLayer[] = [];
  /** The last layer that reads anything computed before this one. */
  let reach = 0;
  for (const [index, layer] of layers.entries()) {
    segment.push(layer);
    if (reach <= index) {
      segments.push(segment);
      segment = [];
    }
    reach = Math.max(reach, lastReader.get(layer.name) ?? index);
  }
  if (segment.length > 0) segments.push(segment);
  return segments;
}

/** Normalisations and activations stay with what they follow. */
function joinFollowers(segments: readonly BareLayer[][]): BareLayer[][] {
  const units: BareLayer[][] = [];
  for (const segment of segments) {
    const before = units.at(-1);
    const joins = segment.every(
      (layer) => activations.has(layer.className) || layer.className === 'BatchNormalization',
    );
    if (before !== undefined && joins) before.push(...segment);
    else units.push([...segment]);
  }
  return units;
}

function endsBlock(unit: readonly BareLayer[]): boolean {
  const last = unit.findLast((layer) => !activations.has(layer.className));
  if (last === undefined) return false;
  return merges.has(last.className) || pools.has(last.className) || isLinear(unit);
}

/** A convolution, with or without normalisation, that hands its value on without an activation. */
function isLinear(unit: readonly BareLayer[]): boolean {
  const last = unit.findLast((layer) => layer.className !== 'BatchNormalization');
  if (last === undefined || !convolutions.has(last.className)) return false;
  return (last.config['activation'] ?? 'linear') === 'linear';
}

function startsStrided(segment: readonly BareLayer[]): boolean {
  const first = segment[0];
  const strides = first?.config['strides'];
  if (first === undefined || !convolutions.has(first.className)) return false;
  return Array.isArray(strides) ? strides.some((stride) => stride !== 1) : (strides ?? 1) !== 1;
}

function nameGroups(groups: readonly BareLayer[][]): string[] {
  const last = groups.length - 1;
  return groups.flatMap((group, index) => {
    const told = group.map((layer) => closing.exec(layer.name)?.[1]).findLast((name) => name !== undefined);
    const name = index === 0 ? 'stem' : index === last && last > 1 ? 'top' : `block_${index}`;
    return group.map(() => told ?? name);
  });
}
