import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const pageTypes = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** A file that may be sent to the page. */
export interface ServedFile {
  readonly file: string;
  readonly type: string;
  readonly size: number;
}

/** A file of the page's own; null when there is none. */
export function findPage(folder: string, pathname: string): Promise<ServedFile | null> {
  return find(folder, pathname === '/' ? 'index.html' : pathname.slice(1), pageTypes);
}

/** Nothing outside the folder is ever found, links out of it included, and nothing of a type not listed. */
async function find(
  folder: string,
  inside: string,
  types: ReadonlyMap<string, string>,
): Promise<ServedFile | null> {
  const type = types.get(path.extname(inside).toLowerCase());
  if (type === undefined || inside.includes('\0')) return null;
  try {
    const [file, root] = await Promise.all([realpath(path.join(folder, inside)), realpath(folder)]);
    if (!file.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return null;
    const status = await stat(file);
    return status.isFile() ? { file, type, size: status.size } : null;
  } catch {
    // Not there, or not to be read: to the page both are "not found".
    return null;
  }
}
