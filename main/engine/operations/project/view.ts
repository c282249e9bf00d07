import type { Decision } from '../../../../shared/domain/project/decisions.ts';
import type { ProjectFile, ProjectView } from '../../../../shared/ipc/project/project.ts';
import { findDataset, projectPaths } from '../../project/projectFile.ts';

/** A project as its jobs give it. */
export async function viewOf(folder: string, project: ProjectFile): Promise<ProjectView> {
  const { name, split, plan, training, decisions, undone } = project;
  const datasets = await Promise.all(
    project.datasets.map(async (dataset) => {
      const found = await findDataset(folder, dataset);
      return { key: dataset.key, location: found ?? dataset.location, isMissing: found === null };
    }),
  );
  return {
    folder,
    runs: projectPaths(folder).runs,
    name,
    datasets,
    split,
    plan,
    training,
    decisions: decisions.length,
    undo: summaryOf(decisions.at(-1)),
    redo: summaryOf(undone.at(-1)),
  };
}

function summaryOf(decision: Decision | undefined): ProjectView['undo'] {
  if (decision === undefined) return null;
  const images = 'images' in decision ? decision.images.length : 0;
  return { type: decision.type, images, name: nameIn(decision) };
}

/** The class a decision is about, where it is about one. */
function nameIn(decision: Decision): string {
  switch (decision.type) {
    case 'label':
    case 'add':
      return decision.label;
    case 'create-class':
    case 'delete-class':
      return decision.name;
    case 'rename-class':
      return decision.to;
    case 'merge-classes':
      return decision.into;
    case 'pin':
      return decision.split ?? '';
    case 'exclude':
    case 'restore':
      return '';
  }
}
