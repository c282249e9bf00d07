import type { TidyKind } from '../../../../shared/domain/project/tidy.ts';
import { tidyOf } from '../../../../shared/domain/project/tidy.ts';
import type { JobResult } from '../../../../shared/ipc/results.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { projectFolderOf, readProject } from '../../project/projectFile.ts';
import { holdDataset } from '../dataset/held.ts';
import { rowAt } from '../dataset/rows.ts';
import { change } from './change.ts';
import { viewOf } from './view.ts';

/**
 * Applies the remedies of all findings of some kinds: images are set aside by one decision, which can be undone, and
 * training settings changed. Looks at the project's images first unless they are known.
 * Errors: those of scanning them and of changing the project.
 */
export async function tidyProject(
  location: string,
  kinds: readonly TidyKind[],
  context: JobContext,
): Promise<Result<JobResult<'tidy-project'>>> {
  const folder = (await projectFolderOf(location)) ?? location;
  const project = await readProject(folder);
  if (!project.ok) return project;
  const held = await holdDataset(folder, context);
  if (!held.ok) return held;
  const { setAside, training } = tidyOf(
    kinds,
    held.value.dataset.findings,
    (path) => rowAt(held.value, path) ?? null,
  );
  let view = await viewOf(folder, project.value);
  if (setAside.length > 0) {
    const decided = await change(folder, { type: 'decide', decision: { type: 'exclude', images: setAside } });
    if (!decided.ok) return decided;
    view = decided.value;
  }
  if (Object.keys(training).length > 0) {
    const set = await change(folder, { type: 'training', training: { ...view.training, ...training } });
    if (!set.ok) return set;
    view = set.value;
  }
  return ok({ project: view, setAside: setAside.length, training });
}
