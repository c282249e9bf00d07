import type { Dataset, Finding, FindingKind, ImageRecord } from '../../../../shared/domain/dataset.ts';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { compareCodePoints } from '../codePoints.ts';
import type { DatasetSource } from '../source/source.ts';
import { classFindings } from './classFindings.ts';
import type { Contents } from './contents.ts';
import { resolveDuplicates } from './duplicates.ts';
import { misnamed } from './fileFindings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { nearDuplicates, nearFindings } from './nearDuplicates.ts';
import { sizeFindings } from './sizeFindings.ts';
import type { Outcome } from './survey.ts';

/** Kinds that can be as many as images: one finding names all their files. */
const gathered = {
  'hidden-file': (count: number) =>
    `${count} hidden or system ${count === 1 ? 'file was' : 'files were'} skipped.`,
  'set-aside': (count: number) =>
    `${count} ${count === 1 ? 'image was' : 'images were'} set aside in the project.`,
} as const satisfies Partial<Record<FindingKind, (count: number) => string>>;

/**
 * Makes a dataset of what a survey saw: exact duplicates resolved, classes named, everything wrong said. Fewer than
 * `minimumClasses` classes is `one-class`; no image is `input-empty` unless 0 classes are enough.
 * @param contents of these outcomes, or of more, where they are known already.
 */
export function assemble(
  source: Pick<DatasetSource, 'name' | 'location' | 'kind'>,
  outcomes: Iterable<Outcome>,
  minimumClasses: number,
  contents?: Contents,
): Result<Dataset> {
  const found = new Collector();
  for (const outcome of outcomes) found.add(outcome);
  const { kept, findings } = resolveDuplicates(found.images, contents?.repeated);
  const classes = [...new Set(kept.map(({ label }) => label))].sort(compareCodePoints);
  const named = [...found.labels].sort(compareCodePoints);
  const all = found.all([
    ...findings.sort((a, b) => compareCodePoints(a.paths[0] ?? '', b.paths[0] ?? '')),
    ...nearFindings(nearDuplicates(kept, contents?.likeness)),
    ...sizeFindings(kept),
    ...classFindings(classes, kept, named),
  ]);
  if (kept.length === 0 && minimumClasses > 0) {
    return err(
      thawError('input-empty', `${source.location} has no usable labelled image.`, {
        expected: 'one folder of images per class, or a CSV that names them',
        found: summary(all),
        remedy: 'Set right what was found, or add images.',
      }),
    );
  }
  if (classes.length < minimumClasses) {
    return err(
      thawError('one-class', `${source.location} has only one class, ${classes.join()}.`, {
        expected: 'at least two classes, each a folder of images (or two labels in a CSV)',
        found: `${kept.length} usable ${kept.length === 1 ? 'image' : 'images'} of one class; ${summary(all)}`,
        remedy: 'Add a folder of images that do not belong to it.',
      }),
    );
  }
  const { name, location, kind } = source;
  return ok({ name, location, kind, classes, images: kept, findings: all, fingerprint: fingerprintOf(kept) });
}

/** Records and findings so far; kinds that can be as many as images become one finding. */
class Collector {
  readonly images: ImageRecord[] = [];
  readonly findings: Finding[] = [];
  readonly labels = new Set<string>();
  private readonly gathered = new Map<keyof typeof gathered, string[]>();

  add(outcome: Outcome): void {
    if (outcome.type === 'finding') {
      this.find(outcome.finding);
      return;
    }
    if (outcome.type === 'file') {
      this.labels.add(outcome.image.label);
      this.images.push(outcome.image);
      if (outcome.misnamed) this.findings.push(misnamed(outcome.image.path, outcome.image.format));
      return;
    }
    this.labels.add(outcome.label);
    if (outcome.type === 'unusable') this.findings.push(outcome.finding);
  }

  all(more: readonly Finding[]): Finding[] {
    const gatheredFindings = [...this.gathered].map(([kind, unordered]): Finding => {
      const paths = unordered.sort(compareCodePoints);
      const message = gathered[kind](paths.length);
      return { kind, severity: 'info', paths, message, excluded: true };
    });
    const byPath = (a: Finding, b: Finding) => compareCodePoints(a.paths[0] ?? '', b.paths[0] ?? '');
    return [...this.findings.sort(byPath), ...more, ...gatheredFindings];
  }

  private find(finding: Finding): void {
    const { kind, paths } = finding;
    if (kind !== 'hidden-file' && kind !== 'set-aside') {
      this.findings.push(finding);
      return;
    }
    const together = this.gathered.get(kind);
    if (together === undefined) this.gathered.set(kind, [...paths]);
    else together.push(...paths);
  }
}

const mostKinds = 3;

/** One finding of each kind in its own words, the most frequent kinds first; that classes are small follows from them. */
function summary(findings: readonly Finding[]): string {
  const kinds = new Map<FindingKind, Finding[]>();
  for (const finding of findings) kinds.set(finding.kind, [...(kinds.get(finding.kind) ?? []), finding]);
  if (kinds.size > 1) kinds.delete('small-class');
  if (kinds.size === 0) return 'no other files';
  return [...kinds.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, mostKinds)
    .map(([first, ...more]) => {
      const message = first?.message ?? '';
      const shown = message.length > mostLetters ? `${message.slice(0, mostLetters)}…` : message;
      return more.length === 0 ? shown : `${shown} And ${more.length} more like it.`;
    })
    .join(' ');
}

/** A finding may name as many files as it likes. */
const mostLetters = 300;
