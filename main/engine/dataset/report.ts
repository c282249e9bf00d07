import {
  countByClass,
  type Dataset,
  type Finding,
  type FindingKind,
  type SplitName,
} from '../../../shared/domain/dataset.ts';
import type { Split } from './split/splitDataset.ts';

/** What `thaw inspect DATASET --json` prints. Field names are part of the contract. */
export interface DatasetReport {
  readonly dataset: string;
  readonly kind: Dataset['kind'];
  readonly location: string;
  readonly fingerprint: string;
  /** Usable images. */
  readonly images: number;
  readonly bytes: number;
  readonly classes: readonly ({
    readonly class: string;
    readonly images: number;
    /** Paths of the first few images. */
    readonly examples: readonly string[];
  } & Record<SplitName, number>)[];
  /** Images a training on this dataset would use on each side; null where it cannot be split. */
  readonly split: Readonly<Record<SplitName, number>> | null;
  readonly formats: Readonly<Record<string, number>>;
  /** Pixels after EXIF orientation. */
  readonly size: {
    readonly smallest: readonly [number, number];
    readonly median: readonly [number, number];
    readonly largest: readonly [number, number];
  } | null;
  /** Paths named by findings, per kind. */
  readonly findingCounts: Readonly<Partial<Record<FindingKind, number>>>;
  readonly findings: readonly Finding[];
  /** Classes without a usable image that a project keeps. */
  readonly emptyClasses: readonly string[];
  /** Images a project has set aside. */
  readonly setAside: number;
}

/** Images shown of a class. */
const exampleCount = 24;

/** Summarises a scanned dataset; `split` is null where splitDataset failed. */
export function reportDataset(dataset: Dataset, split: Split | null): DatasetReport {
  const { name, kind, location, fingerprint, classes, images, findings } = dataset;
  const sides = split ?? { train: [], validation: [], test: [] };
  const counted = {
    all: countByClass(classes, images),
    train: countByClass(classes, sides.train),
    validation: countByClass(classes, sides.validation),
    test: countByClass(classes, sides.test),
  };
  const examples = new Map<string, string[]>(classes.map((one) => [one, []]));
  for (const { label, path } of images) {
    const some = examples.get(label);
    if (some !== undefined && some.length < exampleCount) some.push(path);
  }
  const formats: Record<string, number> = {};
  for (const { format } of images) formats[format] = (formats[format] ?? 0) + 1;
  const findingCounts: Partial<Record<FindingKind, number>> = {};
  for (const { kind, paths } of findings) findingCounts[kind] = (findingCounts[kind] ?? 0) + paths.length;
  return {
    dataset: name,
    kind,
    location,
    fingerprint,
    images: images.length,
    bytes: images.reduce((sum, image) => sum + image.bytes, 0),
    classes: counted.all.map((entry, i) => ({
      class: entry.name,
      images: entry.images,
      examples: examples.get(entry.name) ?? [],
      train: counted.train[i]?.images ?? 0,
      validation: counted.validation[i]?.images ?? 0,
      test: counted.test[i]?.images ?? 0,
    })),
    split:
      split === null
        ? null
        : { train: split.train.length, validation: split.validation.length, test: split.test.length },
    formats,
    size: sizesOf(dataset),
    findingCounts,
    findings,
    emptyClasses: [],
    setAside: findingCounts['set-aside'] ?? 0,
  };
}

function sizesOf({ images }: Dataset): DatasetReport['size'] {
  const byArea = [...images].sort((a, b) => a.width * a.height - b.width * b.height);
  const at = (index: number): [number, number] | null => {
    const image = byArea[index];
    return image === undefined ? null : [image.width, image.height];
  };
  const [smallest, median, largest] = [at(0), at(Math.floor(byArea.length / 2)), at(byArea.length - 1)];
  return smallest && median && largest ? { smallest, median, largest } : null;
}
