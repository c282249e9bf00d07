import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';

/** The absolute file for a dataset path below `folder`; a path that leads elsewhere is refused. */
export function confine(folder: string, datasetPath: string): Result<string> {
  const file = path.resolve(folder, datasetPath);
  const relative = path.relative(folder, file);
  const inside = relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
  if (inside && !datasetPath.includes('\0')) return ok(file);
  return err(
    thawError('input-refused', `${JSON.stringify(datasetPath)} lies outside ${folder}.`, {
      expected: 'a path inside the dataset’s folder',
      remedy: 'Move the file into the folder, or correct the path.',
    }),
  );
}
