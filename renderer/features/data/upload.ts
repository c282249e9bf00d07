import { tokenHeader, uploadUrl } from '../../../shared/ipc/studio.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { DroppedFile } from './dropped.ts';

const atOnce = 4;

/**
 * Copies dropped files to the engine's machine and gives where the dataset now is below its folder of datasets.
 * When it is cancelled or fails, what was copied is deleted again.
 */
export async function uploadDataset(
  files: readonly DroppedFile[],
  token: string,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Result<string>> {
  const id = crypto.randomUUID();
  const headers = { [tokenHeader]: token };
  const waiting = [...files];
  const failures: ThawError[] = [];
  let done = 0;
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
  if (failure !== undefined) {
    await fetch(uploadUrl(id), { method: 'DELETE', headers });
    return err(failure);
  }
  const tops = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
  const [only] = tops;
  return ok(tops.size === 1 && only !== undefined ? `${id}/${only}` : id);
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
