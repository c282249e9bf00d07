import { z } from 'zod';
import { tidyKinds } from '../../domain/project/tidy.ts';
import { projectChangeSchema } from './project.ts';

/** Jobs that make and change projects. */
export const projectJobs = [
  z.object({
    job: z.literal('create-project'),
    /** Folders, zips or CSVs whose images stay where they are; none: a project that collects its own. */
    datasets: z.array(z.string().min(1)).max(100),
    /** A folder that is not there yet, or is empty. */
    out: z.string().min(1),
    /** Null: the name of the first dataset, or of the folder. */
    name: z.string().trim().min(1).max(200).nullable(),
  }),
  z.object({
    job: z.literal('open-project'),
    /** A project, or a dataset: then its project below `home`, which is made if there is none. */
    location: z.string().min(1),
    /** Null: only a project is opened. */
    home: z.string().min(1).nullable(),
  }),
  z.object({ job: z.literal('change-project'), project: z.string().min(1), change: projectChangeSchema }),
  z.object({
    job: z.literal('tidy-project'),
    project: z.string().min(1),
    /** Findings whose remedies are applied, all of these kinds at once. */
    kinds: z.array(z.enum(tidyKinds)).min(1),
  }),
  z.object({
    job: z.literal('add-images'),
    project: z.string().min(1),
    label: z.string(),
    /** Image files and folders of them, all added to one class: they are copied. */
    files: z.array(z.string().min(1)).min(1),
  }),
] as const;
