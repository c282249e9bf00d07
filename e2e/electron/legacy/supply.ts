/** Adds what a class or object lacks, the way the language would. */
export function supply(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

type List = unknown[];

/** What the product uses of JavaScript beyond both Node 12 and Chromium 83. */
export function supplyLanguage(): void {
  supply(Array.prototype, 'at', function (this: List, index: number) {
    return this[index < 0 ? this.length + index : index];
  });
  supply(String.prototype, 'at', function (this: string, index: number) {
    return this[index < 0 ? this.length + index : index];
  });
  supply(Array.prototype, 'findLast', function (this: List, test: (item: unknown) => boolean) {
    return [...this].reverse().find(test);
  });
  supply(Array.prototype, 'findLastIndex', function (this: List, test: (item: unknown) => boolean) {
    for (let index = this.length - 1; index >= 0; index -= 1) if (test(this[index])) return index;
    return -1;
  });
  supply(Array.prototype, 'toSorted', function (this: List, compare?: (a: unknown, b: unknown) => number) {
    return [...this].sort(compare);
  });
  supply(Array.prototype, 'toReversed', function (this: List) {
    return [...this].reverse();
  });
  supply(Object, 'hasOwn', (target: object, name: PropertyKey) =>
    Object.prototype.hasOwnProperty.call(target, name),
  );
  supply(String.prototype, 'replaceAll', function (this: string, from: string | RegExp, to: string) {
    return typeof from === 'string' ? this.split(from).join(to) : this.replace(from, to);
  });
  supply(URL, 'canParse', (url: string, base?: string) => {
    try {
      return new URL(url, base).href !== '';
    } catch {
      return false;
    }
  });
  supply(globalThis, 'structuredClone', (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown);
}
