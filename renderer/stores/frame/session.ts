import { z } from 'zod';
import { stations, useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';
import { kept } from '../kept.ts';
import { useRuns } from '../training/runs.ts';
import { useTraining } from '../training/training.ts';

/** What a reload of the page takes up again. */
const sessionSchema = z.object({
  station: z.enum([...stations, 'welcome']),
  /** Folder of the open project. */
  project: z.string().nullable(),
  /** Folder of the run that is shown. */
  run: z.string().nullable(),
});
type Session = z.infer<typeof sessionSchema>;

const stored = kept('session', 'session', sessionSchema);
const nothing: Session = { station: 'welcome', project: null, run: null };

/** Keeps what is open and shown. Call it once, after the session has been read. */
function keepSession(): void {
  const keep = (change: Partial<Session>): void => {
    stored.write({ ...(stored.read() ?? nothing), ...change });
  };
  useApp.subscribe(({ station }, before) => {
    if (station !== before.station) keep({ station });
  });
  useDataset.subscribe(({ project }, before) => {
    if (project !== null && project.folder !== before.project?.folder) keep({ project: project.folder });
  });
  useTraining.subscribe(({ training: { run } }, before) => {
    if (run !== before.training.run) keep({ run });
  });
}

/** Goes back to where the page was before it was reloaded, and from then on keeps where it is. */
export function takeUpSession(): void {
  const { station, project, run } = stored.read() ?? nothing;
  keepSession();
  if (station !== 'welcome') useApp.getState().go(station);
  // A training that is under way brings its own project.
  if (project === null || useTraining.getState().training.run !== null) return;
  useRuns.setState({ wanted: run });
  void useDataset.getState().open(project);
}
