/** A value with what it was before, and what was undone. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

const longest = 200;

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** A change forgets what was undone; an equal value changes nothing. */
export function change<T>(
  history: History<T>,
  present: T,
  isSame: (one: T, other: T) => boolean,
): History<T> {
  if (isSame(history.present, present)) return history;
  return { past: [...history.past, history.present].slice(-longest), present, future: [] };
}

export function undo<T>(history: History<T>): History<T> {
  const { past, present, future } = history;
  if (past.length === 0) return history;
  return { past: past.slice(0, -1), present: past[past.length - 1] as T, future: [present, ...future] };
}

export function redo<T>(history: History<T>): History<T> {
  const { past, present, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, present], present: future[0] as T, future: future.slice(1) };
}
