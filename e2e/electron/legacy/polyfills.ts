/** What the product's main side uses of JavaScript and Node beyond Node 12. */
import { Readable } from 'node:stream';

function supply(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

function at(this: { readonly length: number; readonly [index: number]: unknown }, index: number): unknown {
  return this[index < 0 ? this.length + index : index];
}

supply(Array.prototype, 'at', at);
supply(Object, 'hasOwn', (target: object, name: PropertyKey) =>
  Object.prototype.hasOwnProperty.call(target, name),
);
supply(String.prototype, 'replaceAll', function (this: string, from: string, to: string) {
  return this.split(from).join(to);
});
supply(URL, 'canParse', (url: string) => {
  try {
    return new URL(url).href !== '';
  } catch {
    return false;
  }
});
supply(globalThis, 'structuredClone', (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown);
// The old protocol interface takes Node's streams, so web streams are Node's here.
supply(Readable, 'toWeb', (stream: Readable) => stream);
supply(Readable, 'fromWeb', (stream: Readable) => stream);

/** As much of fetch's Response as the protocol needs. */
class OldResponse {
  readonly body: Readable;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(body: string | Readable, init: { status?: number; headers?: Record<string, string> } = {}) {
    this.body = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body;
    this.status = init.status ?? 200;
    this.headers = init.headers ?? {};
  }
}

supply(globalThis, 'Response', OldResponse);
