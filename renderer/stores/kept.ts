import type { z } from 'zod';

/** Something small that the browser keeps for the page. */
export interface Kept<T> {
  /** What was kept last; null where there is nothing, or nothing this version understands. */
  read(): T | null;
  write(value: T): void;
}

/**
 * Keeps a value under a name: `session` until the window or tab is closed, reloads included; `local` for good. It is
 * checked when it is read, as everything that comes from outside the page.
 */
export function kept<T>(place: 'session' | 'local', name: string, schema: z.ZodType<T>): Kept<T> {
  const storage = place === 'session' ? sessionStorage : localStorage;
  return {
    read() {
      const text = storage.getItem(name);
      if (text === null) return null;
      try {
        return schema.safeParse(JSON.parse(text)).data ?? null;
      } catch {
        // Not JSON: somebody else's, or cut off.
        return null;
      }
    },
    write(value) {
      storage.setItem(name, JSON.stringify(value));
    },
  };
}
