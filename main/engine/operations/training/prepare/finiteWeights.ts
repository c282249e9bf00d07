import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { ImportedNetwork } from '../../../network/index.ts';

/** Refuses weights from which nothing but NaN can come. Errors: input-corrupt, naming the first that is none. */
export function checkFinite(imported: ImportedNetwork, backbone: string): Result<void> {
  if (imported.kind !== 'layers') return ok(undefined);
  for (const [key, { data }] of imported.weights) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    return err(
      thawError('input-corrupt', `The weights of ${backbone} are not all numbers.`, {
        expected: 'finite values',
        found: `${data[at]} in ${key}`,
        remedy: 'Copy the file again, or save the model before its training diverged.',
      }),
    );
  }
  return ok(undefined);
}
