/** What the product's main side uses of JavaScript and Node beyond Node 12. */
import { Readable } from 'node:stream';
import { supply, supplyLanguage } from './supply.ts';

supplyLanguage();
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
