import { z } from 'zod';
import { trainSettingsSchema } from '../training/trainSettings.ts';

/** What goes to and comes from a project, and what its file holds. */

const images = z.array(z.string().min(1)).min(1).max(1_000_000).readonly();
const split = z.enum(['train', 'validation', 'test']);

export const decisionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exclude'), images }),
  z.object({ type: z.literal('restore'), images }),
  z.object({ type: z.literal('label'), images, label: z.string() }),
  z.object({ type: z.literal('pin'), images, split: split.nullable() }),
  z.object({ type: z.literal('add'), images, label: z.string() }),
  z.object({ type: z.literal('create-class'), name: z.string() }),
  z.object({ type: z.literal('rename-class'), from: z.string(), to: z.string() }),
  z.object({ type: z.literal('merge-classes'), from: z.string(), into: z.string() }),
  z.object({ type: z.literal('delete-class'), name: z.string() }),
]);

export const splitChoiceSchema = z.object({
  validation: z.number().gt(0).lt(1),
  test: z.number().min(0).lt(1),
  seed: z.number().int().min(0).max(0xffff_ffff),
});

/** The freeze plan as last chosen. */
export const planChoiceSchema = z.object({
  backbone: z.string().min(1),
  /** Layers of the backbone that are thawed. */
  thawed: z.array(z.string()).readonly(),
  /** Factors of the learning rate, and strengths of L2-SP, of layers or blocks. */
  rates: z.record(z.string().min(1), z.number().min(0).max(100)).default({}),
  l2sp: z.record(z.string().min(1), z.number().min(0).max(10)).default({}),
});

/** Training settings as last chosen; what is absent has its default. */
export const trainingChoiceSchema = trainSettingsSchema
  .omit({ dataset: true, validationSplit: true, testSplit: true, seed: true, laterPhases: true })
  .partial();

/** `project.thaw`. */
export const projectFileSchema = z.object({
  format: z.literal('thaw-project'),
  version: z.literal(1),
  name: z.string().min(1),
  created: z.string(),
  /** Images that stay where they are. */
  datasets: z.array(
    z.object({
      /** What begins the paths of its images; empty for the first. */
      key: z.string(),
      /** Absolute path of the folder, zip or CSV. */
      location: z.string().min(1),
      /** The same from the project's folder, should both have moved; null on another volume. */
      relative: z.string().nullable(),
    }),
  ),
  /** In order; later ones build on earlier ones. */
  decisions: z.array(decisionSchema),
  /** Decisions taken back, the one to redo first at the end. */
  undone: z.array(decisionSchema),
  split: splitChoiceSchema,
  plan: planChoiceSchema.nullable(),
  training: trainingChoiceSchema,
});
export type ProjectFile = z.infer<typeof projectFileSchema>;

/** A change of a project. */
export const projectChangeSchema = z.discriminatedUnion('type', [
  /** Takes a decision; what was undone is forgotten. */
  z.object({ type: z.literal('decide'), decision: decisionSchema }),
  z.object({ type: z.literal('undo') }),
  z.object({ type: z.literal('redo') }),
  z.object({ type: z.literal('split'), split: splitChoiceSchema }),
  z.object({ type: z.literal('plan'), plan: planChoiceSchema.nullable() }),
  z.object({ type: z.literal('training'), training: trainingChoiceSchema }),
  z.object({ type: z.literal('name'), name: z.string().trim().min(1).max(200) }),
  /** A dataset was moved: here it is now. */
  z.object({ type: z.literal('relocate'), key: z.string(), location: z.string().min(1) }),
]);
export type ProjectChange = z.infer<typeof projectChangeSchema>;

const decisionTypes = [
  'exclude',
  'restore',
  'label',
  'pin',
  'add',
  'create-class',
  'rename-class',
  'merge-classes',
  'delete-class',
] as const;

/** The decision that undo takes back, or redo takes again; its images are counted, not named. */
const stepSchema = z.object({
  type: z.enum(decisionTypes),
  images: z.number().int(),
  /** The class it is about, if it is about one. */
  name: z.string(),
});

/** A project as its jobs give it: everything but the list of decisions, which can be long. */
export const projectViewSchema = z.object({
  /** Absolute path of its folder; as a dataset it is the project's images with all decisions. */
  folder: z.string(),
  /** Where its runs are kept. */
  runs: z.string(),
  name: z.string(),
  datasets: z.array(z.object({ key: z.string(), location: z.string(), isMissing: z.boolean() })),
  split: splitChoiceSchema,
  plan: planChoiceSchema.nullable(),
  training: trainingChoiceSchema,
  decisions: z.number().int().min(0),
  undo: stepSchema.nullable(),
  redo: stepSchema.nullable(),
});
export type ProjectView = z.infer<typeof projectViewSchema>;
