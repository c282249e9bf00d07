import { tokenHeader, uploadUrl } from '../../../../shared/ipc/studio/studio.ts';
import type { ThawError } from '../../../../shared/errors.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DroppedFile } from './dropped.ts';

const atOnce = 4;

/** Files copied to the engine's machine, until they are no longer needed there. */
export interface Upload {
  /** Where they lie, below the host's folder of datasets. */
  readonly place: string;
  /** Deletes them again. */
  discard(): Promise<void>;
}

/**
 * Copies dropped files to the engine's machine. When it is cancelled or fails, what was copied is deleted again.
 */
export async function uploadFiles(
  files: readonly DroppedFile[],
  token: string,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Result<Upload>> {
  const id = crypto.randomUUID();
  const headers = { [tokenHeader]: token };
  const waiting = [...files];
  const failures: ThawError[] = [];
  let done = 0;
  const discard = async (): Promise<void> => {
    await fetch(uploadUrl(id), { method: 'DELETE', headers });
  };
  const send = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && failures.length === 0; next = waiting.shift()) {
      const failure = await sendOne(uploadUrl(id, next.path), next, headers, signal);
      if (failure !== null) failures.push(failure);
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  const [failure] = failures;
  if (failure === undefined) return ok({ place: id, discard });
  await discard();
  return err(failure);
}

/** The dataset in an upload: what was dropped, where that was one thing. */
export function datasetIn(upload: Upload, files: readonly DroppedFile[]): string {
  const tops = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
  const [only] = tops;
  return tops.size === 1 && only !== undefined ? `${upload.place}/${only}` : upload.place;
}

async function sendOne(
  url: string,
  { path, file }: DroppedFile,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<ThawError | null> {
  try {
    const response = await fetch(url, { method: 'POST', body: file, headers, signal });
    if (response.ok) return null;
    return thawError('output-unwritable', `${path} could not be copied.`, { found: await response.text() });
  } catch (cause) {
    if (signal.aborted) return thawError('cancelled', 'Copying was cancelled; what was copied is deleted.');
    return thawError('output-unwritable', `${path} could not be copied.`, { found: String(cause) });
  }
}
