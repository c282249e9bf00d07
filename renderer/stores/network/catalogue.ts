import { create } from 'zustand';
import type { BackboneSpeed, CatalogueEntry } from '../../../shared/ipc/model/backbones.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { controlJob, runJob } from '../engine.ts';
import { usePlan } from './plan.ts';

/** Weights on their way to this machine. */
export interface Fetching {
  readonly name: string;
  /** Bytes. */
  readonly done: number;
  readonly total: number | null;
  readonly jobId: string | null;
}

/** The backbones there are, and what is being done about their weights. */
interface CatalogueState {
  readonly isOpen: boolean;
  /** Null until they have been listed. */
  readonly entries: readonly CatalogueEntry[] | null;
  readonly fetching: Fetching | null;
  /** The backbone whose speed is being measured. */
  readonly measuring: string | null;
  readonly speeds: ReadonlyMap<string, BackboneSpeed>;
  /** What went wrong last. */
  readonly error: ThawError | null;
  show(isOpen: boolean): void;
  list(): Promise<void>;
  /** Downloads a backbone's weights; only ever called for a press of a button. */
  fetch(name: string): Promise<void>;
  cancelFetch(): void;
  measure(name: string): Promise<void>;
  /** Takes a file or folder on the engine's machine: a whole model is opened, weights alone go to their architecture. */
  take(file: string, name: string | null): Promise<void>;
  fail(error: ThawError | null): void;
}

export const useCatalogue = create<CatalogueState>()((set, get) => {
  const put = (entry: CatalogueEntry): void => {
    set({ entries: (get().entries ?? []).map((one) => (one.name === entry.name ? entry : one)) });
  };
  const fail = (error: ThawError | null): void => {
    set({ error: error?.code === 'cancelled' ? null : error });
  };
  return {
    isOpen: false,
    entries: null,
    fetching: null,
    measuring: null,
    speeds: new Map(),
    error: null,
    fail,
    show(isOpen) {
      set({ isOpen, error: null });
      if (isOpen) void get().list();
    },
    async list() {
      const listed = await runJob({ job: 'backbones' });
      if (listed.ok) set({ entries: listed.value });
      else fail(listed.error);
    },
    async fetch(name) {
      if (get().fetching !== null) return;
      set({ error: null, fetching: { name, done: 0, total: null, jobId: null } });
      const change = (more: Partial<Fetching>): void => {
        const { fetching } = get();
        if (fetching !== null) set({ fetching: { ...fetching, ...more } });
      };
      const fetched = await runJob(
        { job: 'get-backbone', name },
        {
          onId: (jobId) => {
            change({ jobId });
          },
          onEvent: (event) => {
            if (event.type === 'progress') change({ done: event.done, total: event.total });
          },
        },
      );
      set({ fetching: null });
      if (fetched.ok) put(fetched.value);
      else fail(fetched.error);
    },
    cancelFetch() {
      const jobId = get().fetching?.jobId;
      if (jobId !== undefined && jobId !== null) void controlJob('cancel', jobId);
    },
    async measure(name) {
      if (get().measuring !== null) return;
      set({ measuring: name, error: null });
      const speed = await runJob({ job: 'measure-backbone', name, imageSize: null });
      set({ measuring: null });
      if (speed.ok) set({ speeds: new Map([...get().speeds, [name, speed.value]]) });
      else fail(speed.error);
    },
    async take(file, name) {
      set({ error: null });
      if (name === null) {
        const model = await runJob({ job: 'inspect-model', model: file });
        if (model.ok) {
          set({ isOpen: false });
          await usePlan.getState().open(file);
          return;
        }
        // Only weights that lack a network may yet be told apart by their checksum.
        if (model.error.code !== 'input-unsupported') {
          fail(model.error);
          return;
        }
      }
      const added = await runJob({ job: 'add-backbone', file, name });
      if (added.ok) put(added.value);
      else fail(added.error);
    },
  };
});
