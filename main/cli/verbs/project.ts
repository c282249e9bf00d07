import type { Command } from 'commander';
import type { TidyKind } from '../../../shared/domain/project/tidy.ts';
import { unusableKinds } from '../../../shared/domain/project/tidy.ts';
import { thawError } from '../../../shared/errors.ts';
import type { ProjectChange, ProjectView } from '../../../shared/ipc/project/project.ts';
import type { JobResult } from '../../../shared/ipc/results.ts';
import type { CommonOptions } from '../command.ts';
import { fail, finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';

/** `thaw project create|show|exclude|restore|label|add|undo|redo|tidy|relocate`. */
export function projectVerb(io: Io, end: (code: number) => void): Command {
  const change = async (project: string, options: CommonOptions, wanted: ProjectChange): Promise<void> => {
    const job = { job: 'change-project' as const, project, change: wanted };
    end(finish(io, options, await runJob<ProjectView>(io, options, job), describe));
  };
  const create = verb('create', 'make a project of datasets, whose images stay where they are')
    .argument('[datasets...]', 'folders, zips or CSVs')
    .requiredOption('--out <folder>', 'new folder for the project')
    .option('--name <name>', 'the project’s name; the dataset’s when not told')
    .action(async (datasets: string[], options: CommonOptions & { out: string; name?: string }) => {
      const { out, name = null } = options;
      const job = { job: 'create-project' as const, datasets, out, name };
      end(finish(io, options, await runJob<ProjectView>(io, options, job), describe));
    });
  const show = verb('show', 'what a project refers to and what was decided')
    .argument('<project>', 'its folder or project.thaw')
    .action(async (location: string, options: CommonOptions) => {
      const job = { job: 'open-project' as const, location, home: null };
      end(finish(io, options, await runJob<ProjectView>(io, options, job), describe));
    });
  const aboutImages = (name: 'exclude' | 'restore', description: string): Command =>
    verb(name, description)
      .argument('<project>', 'its folder or project.thaw')
      .argument('<images...>', 'paths as `thaw inspect PROJECT` names them')
      .action((project: string, images: string[], options: CommonOptions) =>
        change(project, options, { type: 'decide', decision: { type: name, images } }),
      );
  const label = verb('label', 'move images to a class')
    .argument('<project>', 'its folder or project.thaw')
    .argument('<images...>', 'paths as `thaw inspect PROJECT` names them')
    .requiredOption('--as <class>', 'the class; it is made if it is new')
    .action((project: string, images: string[], options: CommonOptions & { as: string }) =>
      change(project, options, { type: 'decide', decision: { type: 'label', images, label: options.as } }),
    );
  const add = verb('add', 'copy images into a class of the project')
    .argument('<project>', 'its folder or project.thaw')
    .argument('<files...>', 'image files, or folders of them')
    .requiredOption('--as <class>', 'the class; it is made if it is new')
    .action(async (project: string, files: string[], options: CommonOptions & { as: string }) => {
      const job = { job: 'add-images' as const, project, label: options.as, files };
      const result = await runJob<JobResult<'add-images'>>(io, options, job);
      end(finish(io, options, result, describeAdded));
    });
  const step = (name: 'undo' | 'redo', description: string): Command =>
    verb(name, description)
      .argument('<project>', 'its folder or project.thaw')
      .action((project: string, options: CommonOptions) => change(project, options, { type: name }));
  const relocate = verb('relocate', 'tell a project where its dataset is now')
    .argument('<project>', 'its folder or project.thaw')
    .argument('<dataset>', 'folder, zip or CSV')
    .option('--key <key>', 'which of several datasets, as `thaw project show` names it', '')
    .action((project: string, location: string, options: CommonOptions & { key: string }) =>
      change(project, options, { type: 'relocate', key: options.key, location }),
    );
  const tidy = verb(
    'tidy',
    'apply the remedies of findings; images are set aside by one decision, to be undone',
  )
    .argument('<project>', 'its folder or project.thaw')
    .option('--broken', 'files that cannot be used')
    .option('--unlabelled', 'images without a class; `label` gives them one')
    .option('--outside', 'files that a CSV names outside its folder')
    .option('--links', 'links that lead in a circle')
    .option('--duplicates', 'exact duplicates: one of each is kept')
    .option('--near-duplicates', 'images that look nearly the same: the first of each group is kept')
    .option('--leaks', 'images on both sides of the split: those that are measured on are kept')
    .option('--conflicts', 'the same image in two classes')
    .option('--odd-sizes', 'small images are set aside; long ones are padded in training')
    .option('--imbalance', 'classes of unequal size get weights in training')
    .action(async (project: string, options: CommonOptions & TidyOptions) => {
      const kinds = tidyOptions.flatMap(([key, kinds]) => (options[key] === true ? kinds : []));
      if (kinds.length === 0) {
        const expected = 'at least one of --broken, --duplicates, --near-duplicates, --leaks, …';
        end(fail(io, options, thawError('usage', 'Nothing to tidy was named.', { expected })));
        return;
      }
      const job = { job: 'tidy-project' as const, project, kinds };
      const result = await runJob<JobResult<'tidy-project'>>(io, options, job);
      end(finish(io, options, result, describeTidied));
    });
  const verbs = [
    create,
    show,
    aboutImages('exclude', 'set images aside: they are neither trained on nor measured'),
    aboutImages('restore', 'take images back that were set aside'),
    label,
    add,
    step('undo', 'take the last decision back'),
    step('redo', 'take it again'),
    tidy,
    relocate,
  ];
  const project = verb('project', 'datasets with your decisions about their images');
  for (const one of verbs) project.addCommand(one);
  return project;
}

/** Which findings an option of `tidy` means. */
const tidyOptions = [
  ['broken', [...unusableKinds]],
  ['unlabelled', ['unlabelled']],
  ['outside', ['outside-folder']],
  ['links', ['symlink-loop']],
  ['duplicates', ['duplicate']],
  ['nearDuplicates', ['near-duplicate']],
  ['leaks', ['split-leak']],
  ['conflicts', ['label-conflict']],
  ['oddSizes', ['odd-size']],
  ['imbalance', ['class-imbalance']],
] as const satisfies readonly (readonly [string, readonly TidyKind[]])[];
type TidyOptions = Partial<Record<(typeof tidyOptions)[number][0], boolean>>;

function describeTidied({ project, setAside, training }: JobResult<'tidy-project'>): string {
  return [
    `${setAside} ${setAside === 1 ? 'image' : 'images'} set aside.`,
    ...(training.classWeights === undefined ? [] : ['Training weighs the classes alike.']),
    ...(training.resize === undefined ? [] : ['Training pads images.']),
    describe(project),
  ].join('\n');
}

function describe(project: ProjectView): string {
  const { folder, name, datasets, decisions, split } = project;
  const shares = `${percent(split.validation)} to validate on, ${percent(split.test)} to test on, seed ${split.seed}`;
  return [
    `${name} (${folder})`,
    ...datasets.map(
      ({ key, location, isMissing }) =>
        `Images: ${key === '' ? '' : `${key}: `}${location}${isMissing ? ' (not there)' : ''}`,
    ),
    `${decisions} ${decisions === 1 ? 'decision' : 'decisions'}; ${shares}.`,
  ].join('\n');
}

function describeAdded({ project, added, refused }: JobResult<'add-images'>): string {
  const lines = refused.map(({ file, found }) => `Not added: ${file}: ${found}`);
  return [
    `${added.length} ${added.length === 1 ? 'image' : 'images'} added.`,
    ...lines,
    describe(project),
  ].join('\n');
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
