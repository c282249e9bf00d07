/** Functions of `node:util` that tfjs-node calls and Node 23 removed. */
const removed = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: (value: unknown): boolean => Array.isArray(value),
};

/** Supplies what is missing. Call it before tfjs-node loads, with the `util` that `require` gives. */
export function supplyRemovedUtilities(util: Partial<typeof removed>): void {
  util.isNullOrUndefined ??= removed.isNullOrUndefined;
  util.isArray ??= removed.isArray;
}
