import type { TidyKind } from '../../../shared/domain/project/tidy.ts';
import type { Decision } from '../../../shared/domain/project/decisions.ts';
import type { ProjectChange } from '../../../shared/ipc/project/project.ts';
import type { JobResult } from '../../../shared/ipc/results.ts';
import { useApp } from '../app.ts';
import { useDataset } from './dataset.ts';
import { runJob } from '../engine.ts';

/** Changes wait for each other: each is judged by what the one before made. */
let last: Promise<unknown> = Promise.resolve();

/** Changes the open project and shows what became of it. False when it was refused, which is then told. */
export function change(wanted: ProjectChange): Promise<boolean> {
  const turn = last.then(async () => {
    const { project, follow } = useDataset.getState();
    if (project === null) return false;
    const changed = await runJob({ job: 'change-project', project: project.folder, change: wanted });
    if (!changed.ok) {
      useApp.getState().report(changed.error);
      return false;
    }
    // Settings change nothing about the images.
    const isAboutImages = wanted.type !== 'training' && wanted.type !== 'plan' && wanted.type !== 'name';
    if (isAboutImages) await follow(changed.value);
    else useDataset.setState({ project: changed.value });
    return true;
  });
  last = turn;
  return turn;
}

/** Takes a decision that can be undone. */
export function decide(decision: Decision): Promise<boolean> {
  return change({ type: 'decide', decision });
}

/** Applies the remedies of all findings of some kinds. Null when it was refused, which is then told. */
export function tidy(kinds: readonly TidyKind[]): Promise<JobResult<'tidy-project'> | null> {
  const turn = last.then(async () => {
    const { project, follow } = useDataset.getState();
    if (project === null) return null;
    const tidied = await runJob({ job: 'tidy-project', project: project.folder, kinds: [...kinds] });
    if (!tidied.ok) {
      useApp.getState().report(tidied.error);
      return null;
    }
    await follow(tidied.value.project);
    return tidied.value;
  });
  last = turn;
  return turn;
}

export function undo(): Promise<boolean> {
  return change({ type: 'undo' });
}

export function redo(): Promise<boolean> {
  return change({ type: 'redo' });
}

/** Copies images on the engine's machine into a class. Null when that failed, which is then told. */
export async function addImages(
  label: string,
  files: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<JobResult<'add-images'> | null> {
  const { project, follow } = useDataset.getState();
  if (project === null) return null;
  const added = await runJob(
    { job: 'add-images', project: project.folder, label, files: [...files] },
    {
      onEvent(body) {
        if (body.type === 'progress') onProgress(body.done, body.total ?? body.done);
      },
    },
  );
  if (!added.ok) {
    useApp.getState().report(added.error);
    return null;
  }
  await follow(added.value.project);
  return added.value;
}
