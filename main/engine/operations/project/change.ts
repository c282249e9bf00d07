import { objection } from '../../../../shared/domain/project/decisions.ts';
import type { ProjectChange, ProjectFile, ProjectView } from '../../../../shared/ipc/project/project.ts';
import { thawError, unreachable } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { openDataset } from '../../dataset/index.ts';
import { placeOf, projectFolderOf, readProject, writeProject } from '../../project/projectFile.ts';
import { viewOf } from './view.ts';

/** Changes of one project wait for each other: each reads what the one before wrote. */
const last = new Map<string, Promise<unknown>>();

/**
 * Changes a project's file. Errors: usage for a decision that makes no sense as the project stands, or with nothing to
 * undo; those of reading and writing the file.
 */
export async function change(location: string, wanted: ProjectChange): Promise<Result<ProjectView>> {
  const folder = (await projectFolderOf(location)) ?? location;
  return inTurn(folder, async () => {
    const project = await readProject(folder);
    if (!project.ok) return project;
    const changed = await afterChange(folder, project.value, wanted);
    if (!changed.ok) return changed;
    const written = await writeProject(folder, changed.value);
    return written.ok ? ok(await viewOf(folder, changed.value)) : written;
  });
}

/** Runs work on a project after all work on it that was begun before. */
export function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(folder) ?? Promise.resolve()).then(work, work);
  last.set(folder, turn);
  const forget = (): void => {
    if (last.get(folder) === turn) last.delete(folder);
  };
  turn.then(forget, forget);
  return turn;
}

async function afterChange(
  folder: string,
  project: ProjectFile,
  wanted: ProjectChange,
): Promise<Result<ProjectFile>> {
  switch (wanted.type) {
    case 'decide': {
      const { decision } = wanted;
      const classes = needsClasses(decision) ? await classesOf(folder) : ok(new Set<string>());
      if (!classes.ok) return classes;
      const reason = objection(decision, classes.value);
      if (reason !== null) return err(thawError('usage', reason));
      return ok({ ...project, decisions: [...project.decisions, decision], undone: [] });
    }
    case 'undo': {
      const decision = project.decisions.at(-1);
      if (decision === undefined) return err(thawError('usage', 'There is nothing to undo.'));
      const decisions = project.decisions.slice(0, -1);
      return ok({ ...project, decisions, undone: [...project.undone, decision] });
    }
    case 'redo': {
      const decision = project.undone.at(-1);
      if (decision === undefined) return err(thawError('usage', 'There is nothing to redo.'));
      const undone = project.undone.slice(0, -1);
      return ok({ ...project, decisions: [...project.decisions, decision], undone });
    }
    case 'split':
      if (wanted.split.validation + wanted.split.test >= 1)
        return err(
          thawError('usage', 'Validation and test leave no image to train on.', {
            expected: 'shares that add up to less than 1',
            found: String(wanted.split.validation + wanted.split.test),
          }),
        );
      return ok({ ...project, split: wanted.split });
    case 'plan':
      return ok({ ...project, plan: wanted.plan });
    case 'training':
      return ok({ ...project, training: wanted.training });
    case 'name':
      return ok({ ...project, name: wanted.name });
    case 'relocate':
      return relocated(folder, project, wanted.key, wanted.location);
    default:
      return unreachable(wanted);
  }
}

async function relocated(
  folder: string,
  project: ProjectFile,
  key: string,
  location: string,
): Promise<Result<ProjectFile>> {
  if (!project.datasets.some((dataset) => dataset.key === key))
    return err(thawError('usage', `The project has no dataset ${JSON.stringify(key)}.`));
  const source = await openDataset(location);
  if (!source.ok) return source;
  await source.value.close();
  if (source.value.kind === 'project')
    return err(thawError('input-unsupported', `${location} is a project, not a dataset.`));
  const datasets = project.datasets.map((dataset) =>
    dataset.key === key ? { key, ...placeOf(folder, location) } : dataset,
  );
  return ok({ ...project, datasets });
}

function needsClasses({ type }: { readonly type: string }): boolean {
  return type.endsWith('-class') || type.endsWith('-classes');
}

/** The classes a project has, with or without images. */
async function classesOf(folder: string): Promise<Result<Set<string>>> {
  const source = await openDataset(folder);
  if (!source.ok) return source;
  try {
    const classes = new Set<string>();
    for await (const entry of source.value.list(new AbortController().signal))
      if (entry.type !== 'finding') classes.add(entry.label);
    return ok(classes);
  } finally {
    await source.value.close();
  }
}
