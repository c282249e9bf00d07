import { Dataset, Group } from 'h5wasm';
import type { Attribute, Metadata } from 'h5wasm';
import { fromFloat16Bits } from '../weights/float16.ts';
import type { Hdf5Dataset, Hdf5Group, Hdf5Node, Hdf5Value } from './protocol.ts';

/** A file that asks for more than it may. */
export class Refusal extends Error {}

/** Far beyond any network: the largest of Keras Applications has some 8,000 objects, five deep. */
const mostObjects = 200_000;
const mostDepth = 32;
/** Compression saves little on weights; a file that unfolds to more than this is a bomb. */
const mostExpansion = 8;
const freeBytes = 2 ** 20;

const integerType = 0;
const floatType = 1;

interface Budget {
  objects: number;
  bytes: number;
}

/** The file's groups, attributes and datasets, without the datasets' values. Throws a Refusal beyond the limits. */
export function takeSnapshot(root: Group, fileSize: number): Hdf5Group {
  const budget = { objects: mostObjects, bytes: fileSize * mostExpansion + freeBytes };
  return snapshotGroup(root, budget, 0);
}

function snapshotGroup(group: Group, budget: Budget, depth: number): Hdf5Group {
  if (depth > mostDepth) throw new Refusal(`groups nested deeper than ${mostDepth}, or in a circle`);
  const children = new Map<string, Hdf5Node>();
  for (const name of group.keys()) {
    budget.objects -= 1;
    if (budget.objects < 0) throw new Refusal(`more than ${mostObjects} objects`);
    const entity = group.get(name);
    if (entity instanceof Group) children.set(name, snapshotGroup(entity, budget, depth + 1));
    else if (entity instanceof Dataset) children.set(name, snapshotDataset(entity, budget));
  }
  return { kind: 'group', children, attributes: readAttributes(group, budget) };
}

function snapshotDataset(dataset: Dataset, budget: Budget): Hdf5Dataset {
  const { metadata } = dataset;
  spend(budget, metadata);
  const shape = metadata.shape ?? [];
  return {
    kind: 'dataset',
    shape,
    numeric: isNumeric(metadata),
    attributes: readAttributes(dataset, budget),
  };
}

function readAttributes(of: Group | Dataset, budget: Budget): Record<string, Hdf5Value> {
  const values: Record<string, Hdf5Value> = {};
  for (const [name, attribute] of Object.entries(of.attrs)) {
    spend(budget, attribute.metadata);
    values[name] = attributeValue(attribute);
  }
  return values;
}

function attributeValue(attribute: Attribute): Hdf5Value {
  const { value } = attribute;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  return null;
}

function spend(budget: Budget, { shape, size }: Metadata): void {
  budget.bytes -= (shape ?? []).reduce((product, length) => product * length, size);
  if (budget.bytes < 0) throw new Refusal('values that unfold to many times the size of the file');
}

function isNumeric({ type, size, array_type, virtual_sources }: Metadata): boolean {
  if (array_type !== undefined || (virtual_sources?.length ?? 0) > 0) return false;
  return (type === floatType && [2, 4, 8].includes(size)) || (type === integerType && size <= 8);
}

/** A numeric dataset's values as float32, row-major. Throws when they cannot be read. */
export function readValues(dataset: Dataset): Float32Array {
  const { value, metadata } = dataset;
  const count = (metadata.shape ?? []).reduce((product, length) => product * length, 1);
  const values = toFloat32(value, metadata);
  if (values?.length !== count)
    throw new Error(`${dataset.path} does not hold the ${count} values it states`);
  return values;
}

function toFloat32(value: unknown, { type, size, littleEndian }: Metadata): Float32Array | null {
  if (typeof value === 'number' || typeof value === 'bigint') return new Float32Array([Number(value)]);
  if (type === floatType && size === 2 && value instanceof Uint8Array) {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    return Float32Array.from({ length: value.length / 2 }, (_, index) =>
      fromFloat16Bits(view.getUint16(index * 2, littleEndian)),
    );
  }
  if (value instanceof Float32Array) return new Float32Array(value);
  if (ArrayBuffer.isView(value)) return Float32Array.from(value as unknown as ArrayLike<number>, Number);
  return null;
}
