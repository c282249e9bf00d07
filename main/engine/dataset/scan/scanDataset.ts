import type { Dataset } from '../../../../shared/domain/dataset.ts';
import type { Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { DatasetSource } from '../source/source.ts';
import { assemble } from './assemble.ts';
import { survey, type SurveyOptions } from './survey.ts';

export interface ScanOptions extends SurveyOptions {
  /** Fewer classes are `one-class`; training needs 2 (the default), evaluating 1. */
  readonly minimumClasses?: number;
}

/**
 * Looks at every file of a source once, in worker threads, and says what is wrong with which. Emits `scan`. Errors:
 * `input-empty`, `one-class`, `cancelled`, `input-corrupt`.
 */
export async function scanDataset(
  source: DatasetSource,
  context: JobContext,
  options: ScanOptions = {},
): Promise<Result<Dataset>> {
  const surveyed = await survey({ source, list: (signal) => source.list(signal) }, context, options);
  if (!surveyed.ok) return surveyed;
  return assemble(source, surveyed.value, options.minimumClasses ?? 2);
}
