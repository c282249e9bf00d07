import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';

/** A model nested 32 times has some 150 levels of brackets. */
const mostLevels = 400;

/**
 * Parses JSON of an untrusted file. Nesting without end, on which a reader's stack would break, is refused before
 * anything is made of it.
 * @param name what to call the text in errors.
 */
export function parseUntrustedJson(text: string, name: string): Result<unknown> {
  if (levelsOf(text) > mostLevels)
    return err(
      thawError('input-refused', `${name} is nested too deeply.`, {
        expected: `at most ${mostLevels} levels of brackets`,
      }),
    );
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (cause) {
    return err(
      thawError('input-corrupt', `${name} is not readable JSON.`, {
        remedy: 'Copy or save the model again.',
        detail: String(cause),
      }),
    );
  }
}

/** The deepest level of brackets outside strings. */
function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (level += 1));
    else if (character === ']' || character === '}') level -= 1;
  }
  return deepest;
}
