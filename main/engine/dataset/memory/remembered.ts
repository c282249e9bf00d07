import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import { imageFormats, type ImageFormat } from '../decode/formats/format.ts';
import type { Examination } from '../decode/examine/examine.ts';

/** What examining a file gave, and the state the file was in. */
export interface Remembered {
  readonly stamp: string;
  readonly found: RememberedFinding;
}

export type RememberedFinding =
  | Extract<Examination, { usable: false }>
  /** `perceptual` is undefined where it was not looked for. */
  | (Omit<Extract<Examination, { usable: true }>, 'perceptual'> & {
      readonly perceptual: string | null | undefined;
    });

/** A file on disk: path, stamp, and what was found; without a perceptual hash where none was looked for. */
export type Row =
  | readonly [inside: string, stamp: string, kind: string, found: string]
  | readonly [
      inside: string,
      stamp: string,
      id: string,
      bytes: number,
      width: number,
      height: number,
      format: string,
      misnamed: 0 | 1,
      ...perceptual: (string | null)[],
    ];

/** What a scan says of a file whose content alone decides it. */
const kindsOfContent: readonly FindingKind[] = [
  'empty-file',
  'not-an-image',
  'unsupported-format',
  'truncated',
  'too-large',
  'broken',
];

/** A lack of memory passes, and a message that another thread took away is found the next time. */
const passing = /memory|alloc|unknown error/i;

/** Whether an examination would give the same again. */
export function isLasting(examination: Examination): boolean {
  if (examination.usable) return true;
  return kindsOfContent.includes(examination.kind) && !passing.test(examination.found);
}

/** @param looked whether a perceptual hash was looked for. */
export function rememberedFinding(examination: Examination, looked: boolean): RememberedFinding {
  if (!examination.usable || looked) return examination;
  return { ...examination, perceptual: undefined };
}

/** The examination as it would be made now; null when more is wanted than is known. */
export function examinationOf(found: RememberedFinding, perceptual: boolean): Examination | null {
  if (!found.usable) return found;
  if (!perceptual) return { ...found, perceptual: null };
  return found.perceptual === undefined ? null : { ...found, perceptual: found.perceptual };
}

/** Of two findings about one state of a file, the one that knows more. */
export function fuller(one: RememberedFinding, other: RememberedFinding): RememberedFinding {
  return one.usable && one.perceptual === undefined && other.usable ? other : one;
}

export function toRow(inside: string, { stamp, found }: Remembered): Row {
  if (!found.usable) return [inside, stamp, found.kind, found.found];
  const { id, bytes, width, height, format, misnamed, perceptual } = found;
  const looked = perceptual === undefined ? [] : [perceptual];
  return [inside, stamp, id, bytes, width, height, format, misnamed ? 1 : 0, ...looked];
}

/** What a row says; null for one that is none. */
export function fromRow(row: unknown): [inside: string, remembered: Remembered] | null {
  if (!Array.isArray(row)) return null;
  const [inside, stamp, ...rest] = row as unknown[];
  const found = rest.length === 2 ? unusableOf(rest) : usableOf(rest);
  if (typeof inside !== 'string' || typeof stamp !== 'string' || found === null) return null;
  return [inside, { stamp, found }];
}

function unusableOf([kind, found]: readonly unknown[]): RememberedFinding | null {
  const known = kindsOfContent.find((one) => one === kind);
  if (known === undefined || typeof found !== 'string') return null;
  return { usable: false, kind: known, found };
}

function usableOf(values: readonly unknown[]): RememberedFinding | null {
  const [id, bytes, width, height, formatName, misnamed, perceptual] = values;
  const format: ImageFormat | undefined = imageFormats.find((one) => one === formatName);
  if (typeof id !== 'string' || format === undefined || (misnamed !== 0 && misnamed !== 1)) return null;
  if (typeof bytes !== 'number' || typeof width !== 'number' || typeof height !== 'number') return null;
  if (perceptual !== undefined && perceptual !== null && typeof perceptual !== 'string') return null;
  return { usable: true, id, bytes, width, height, format, misnamed: misnamed === 1, perceptual };
}
