import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import writeFileAtomic from 'write-file-atomic';
import { firstViews } from '../../../../shared/domain/views.ts';
import type { viewNameSchema } from '../../../../shared/ipc/dataset/images.ts';
import type { WrittenView } from '../../../../shared/ipc/dataset/report.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { View } from '../../dataset/index.ts';
import { createPool } from '../../dataset/decode/pool/pool.ts';
import { readWholeFile } from '../../dataset/source/readFile.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { AugmentRequest } from '../../jobs/operations.ts';
import { writeError } from '../../project/fileErrors.ts';
import { sampleView } from '../../training/augment/sampleView.ts';

/** The variation of an image's bytes that training means by a name: by their hash, as a scan takes it. */
export function viewNamed(name: z.infer<typeof viewNameSchema>, bytes: Uint8Array): View {
  return sampleView(name, createHash('sha256').update(bytes).digest('hex'), name.number);
}

/**
 * Writes the variations of image files that a training with these settings is shown, as PNGs in a new or empty folder.
 * Errors: output-exists, output-unwritable, disk-full, input-missing, input-corrupt, input-unsupported, cancelled.
 */
export async function augment(request: AugmentRequest, context: JobContext): Promise<Result<WrittenView[]>> {
  const { images, out, size, resize, strength, flip, seed } = request;
  const numbers = firstViews(request.views, request.views);
  const place = await emptyFolder(out);
  if (!place.ok) return place;
  const pool = createPool({ workers: 1 });
  const written: WrittenView[] = [];
  try {
    for (const [index, image] of images.entries()) {
      const bytes = readWholeFile(image);
      if (!bytes.ok) return bytes;
      for (const number of numbers) {
        await context.gate();
        if (context.signal.aborted) return err(thawError('cancelled', 'Writing variations was cancelled.'));
        const view = viewNamed({ strength, flip, seed, number }, bytes.value);
        const target = { as: 'input', input: { width: size, height: size, resize } } as const;
        const load = () => Promise.resolve(ok({ bytes: bytes.value.slice() }));
        const work = { type: 'picture', target, view } as const;
        const reply = await pool.run({ path: image, work, load });
        if (!reply.ok) return reply;
        if (reply.value.type !== 'picture') throw new Error(`The decoder made no picture of ${image}.`);
        const file = path.join(out, nameOf(image, images.length > 1 ? index + 1 : null, number));
        await writeFileAtomic(file, Buffer.from(reply.value.file));
        written.push({ image, number, file });
        const done = written.length;
        const total = images.length * numbers.length;
        context.emit({ type: 'progress', what: 'writing variations', done, total });
      }
    }
    return ok(written);
  } catch (cause) {
    return err(writeError(cause, out));
  } finally {
    await pool.close();
  }
}

/** Images of one name in several folders do not meet: each has its place in the list before its name. */
function nameOf(image: string, place: number | null, number: number): string {
  const stem = path.basename(image, path.extname(image));
  return `${place === null ? '' : `${place}-`}${stem}-${number}.png`;
}

async function emptyFolder(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return ok(undefined);
    return err(
      thawError('output-exists', `${folder} is not empty.`, {
        expected: 'a new or empty folder for the variations',
        remedy: 'Choose another folder with --out.',
      }),
    );
  } catch (cause) {
    return err(writeError(cause, folder));
  }
}
