import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import { classNow } from '../../../../shared/domain/project/decisions.ts';
import type { FindingPage, ImageFilter, ImagePage } from '../../../../shared/ipc/dataset/images.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { DatasetReport } from '../../dataset/index.ts';
import { compareCodePoints, reportDataset } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { Held } from './held.ts';
import { holdDataset, surveyAndHold } from './held.ts';
import { rowAt, rowsFor } from './rows.ts';

export interface InspectOptions {
  readonly isKept?: boolean;
  readonly mostFindings?: number;
}

/** Scans a dataset and reports what a training would make of it, also where it cannot be trained on. */
export async function inspectDataset(
  location: string,
  { isKept = false, mostFindings }: InspectOptions,
  context: JobContext,
): Promise<Result<DatasetReport>> {
  const held = isKept ? await holdDataset(location, context) : await surveyAndHold(location, context);
  if (!held.ok) return held;
  const { dataset, split } = held.value;
  const report = reportDataset(dataset, split);
  return ok({
    ...report,
    findings: report.findings.slice(0, mostFindings ?? report.findings.length),
    emptyClasses: emptyClasses(held.value),
  });
}

/** A page of a dataset's images, by path. Errors: those of `inspectDataset` where it was not looked at yet. */
export async function listImages(
  location: string,
  filter: ImageFilter,
  page: { readonly offset: number; readonly limit: number },
  context: JobContext,
): Promise<Result<ImagePage>> {
  const held = await holdDataset(location, context);
  if (!held.ok) return held;
  const rows = rowsFor(held.value, filter);
  return ok({ total: rows.length, images: rows.slice(page.offset, page.offset + page.limit) });
}

/** Images of a finding that come with it. */
const shownImages = 60;

/** A page of a dataset's findings of one kind, with their images. Errors: as `listImages`. */
export async function listFindings(
  location: string,
  kind: FindingKind,
  page: { readonly offset: number; readonly limit: number },
  context: JobContext,
): Promise<Result<FindingPage>> {
  const held = await holdDataset(location, context);
  if (!held.ok) return held;
  const all = held.value.dataset.findings.filter((finding) => finding.kind === kind);
  const findings = all.slice(page.offset, page.offset + page.limit).map((finding) => {
    const rows = finding.paths.map((path) => rowAt(held.value, path) ?? path);
    const images = rows.flatMap((row) => (typeof row === 'string' ? [] : [row]));
    return {
      kind: finding.kind,
      severity: finding.severity,
      message: finding.message,
      excluded: finding.excluded,
      images: images.slice(0, shownImages),
      count: images.length,
      names: rows.flatMap((row) => (typeof row === 'string' ? [row] : [])).slice(0, shownImages),
    };
  });
  return ok({ total: all.length, findings });
}

/** Classes without a usable image that are there all the same: made by the user, or what is left of a folder. */
function emptyClasses({ dataset, overlay, outcomes, source }: Held): string[] {
  if (source.kind !== 'project') return [];
  const names = new Set(overlay.created);
  for (const outcome of outcomes) {
    const label = outcome.type === 'class' ? classNow(overlay, outcome.label) : null;
    if (label !== null) names.add(label);
  }
  return [...names].filter((name) => !dataset.classes.includes(name)).sort(compareCodePoints);
}
